export type Shell = 'bash' | 'zsh' | 'fish' | 'powershell';

/** What a shell has to load. Each asks the program itself, so that no script ever grows old. */
export const SHELL_SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# Load it from ~/.bashrc: source <(signalbox completion bash)
_signalbox_complete() {
  local line=\${COMP_LINE:0:COMP_POINT} value about
  local word=\${line##*[[:space:]]} cut=
  # Bash takes these for the ends of words: what stands before them is there already.
  case $word in *[:=]*) cut=\${word%"\${word##*[:=]}"} ;; esac
  COMPREPLY=()
  while IFS=$'\\t' read -r value about; do
    if [[ $value == :files ]]; then
      compopt -o default 2>/dev/null
    else
      COMPREPLY+=("\${value#"$cut"}")
    fi
  done < <(signalbox __complete --line "$line" 2>/dev/null)
}
complete -F _signalbox_complete signalbox
`,
  zsh: `#compdef signalbox
# Load it from ~/.zshrc, behind compinit: source <(signalbox completion zsh)
_signalbox() {
  local line value about files
  local -a found
  while IFS=$'\\t' read -r value about; do
    if [[ $value == :files ]]; then
      files=1
    elif [[ -n $about ]]; then
      found+=("\${value//:/\\\\:}:$about")
    else
      found+=("\${value//:/\\\\:}")
    fi
  done < <(signalbox __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( \${#found} )) && _describe -t values signalbox found
  [[ -n $files ]] && _files
  return 0
}
compdef _signalbox signalbox
`,
  fish: `# Load it from ~/.config/fish/config.fish: signalbox completion fish | source
function __signalbox_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in (signalbox __complete -- $words[2..-1] "$current" 2>/dev/null)
        if string match -q ':files*' -- $line
            __fish_complete_path $current
        else
            echo $line
        end
    end
end
complete -c signalbox -f -a '(__signalbox_complete)'
`,
  powershell: `# Load it from $PROFILE: signalbox completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName signalbox -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $line = $commandAst.ToString()
    $length = $cursorPosition - $commandAst.Extent.StartOffset
    $line = if ($length -lt $line.Length) { $line.Substring(0, $length) } else { $line.PadRight($length) }
    signalbox __complete --line $line 2>$null | ForEach-Object {
        $value, $about = $_ -split "\`t", 2
        if ($value -ne ':files') {
            $tip = if ($about) { $about } else { $value }
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $tip)
        }
    }
}
`,
};
