/** Failures that users meet and that no case plays, with the reason. */
export const NOT_COVERED: Readonly<Record<string, string>> = {
  'X03.gap': 'the simulator counts the events of a Responses stream without a gap.',
  'X12.slow': 'a resolver that is slow or changes its mind needs a name server of its own.',
  'X17.pool': 'a provider has one key: there is no second one to change to.',
  X20: 'what an upstream sends after the gateway has closed the connection ends in the kernel; X18 shows that it is closed.',
  'X22.http2': 'the gateway speaks HTTP/1.1 to providers.',
};
