/** Failures that users meet and that no case plays, with the reason. */
export const NOT_COVERED: Readonly<Record<string, string>> = {
  'X12.slow': 'a resolver that is slow or changes its mind needs a name server of its own.',
  X20: 'what an upstream sends after the gateway has closed the connection ends in the kernel; X18 shows that it is closed.',
};
