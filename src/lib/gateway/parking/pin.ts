import { describePin as describeState, type PinReason } from '../../mysql/index.ts';

/** Why a session cannot do without its server's process. */
export type Pin =
  | { readonly kind: 'state'; readonly reason: PinReason }
  | { readonly kind: 'statement'; readonly why: 'cursor' | 'longData' | 'long' }
  /** Its login was an exchange between client and server that cannot be repeated. */
  | { readonly kind: 'login' }
  /** It became another user, whose password is not known here. */
  | { readonly kind: 'changedUser' }
  /** COM_SET_OPTION. */
  | { readonly kind: 'option' };

/** For a sentence whose subject is the session. */
export function describePin(pin: Pin): string {
  switch (pin.kind) {
    case 'state':
      return describeState(pin.reason);
    case 'statement':
      return STATEMENTS[pin.why];
    case 'login':
      return 'logged in by a method that only its client can repeat';
    case 'changedUser':
      return 'changed its user (COM_CHANGE_USER)';
    case 'option':
      return 'changed an option of the protocol (COM_SET_OPTION)';
  }
}

const STATEMENTS = {
  cursor: 'reads through a cursor',
  longData: 'has sent data for a statement that it has not executed yet',
  long: 'has prepared a statement too long to be kept',
};
