/** What a statement says as a whole, for the reconciliation: account, day, balances, and what its booked entries add up to. */
import type { Statement } from '../../../domain/reconciliation';
import { amountOf } from '../amount';
import { Unfit } from '../facts';
import { child, childrenOf, found, readXml, textAt, type XmlElement } from '../xml';
import { accountOf25, dateOf6, lineOf, messagesOf, type MtMessage } from './mt';
import { line61Of } from './mt940';

/** The profiles whose files are statements. */
export const statementProfiles = ['camt.053', 'mt940'] as const;

/** The statements of a file; one whose account, day or amounts cannot be told is left out. @throws FeedError */
export function statementsOf(profile: string, bytes: Uint8Array): Statement[] {
  const parts = profile === 'mt940' ? statementsIn(bytes).map(ofMt940) : found(readXml(bytes), ['Stmt']).map(ofCamt);
  return parts.flatMap((read) => {
    try {
      return read();
    } catch (fault) {
      if (fault instanceof Unfit) return [];
      throw fault;
    }
  });
}

/** Test and training messages are no statements. */
const statementsIn = (bytes: Uint8Array): MtMessage[] => messagesOf(bytes).filter(({ isTest }) => !isTest);

type Read = () => Statement[];

const ofCamt = (statement: XmlElement): Read => {
  const signed = (element: XmlElement): number => {
    const amount = child(element, 'Amt');
    const { amount: value } = amountOf(amount?.text, amount?.attributes.Ccy);
    return textAt(element, 'CdtDbtInd') === 'DBIT' ? -value : value;
  };
  return () => {
    const balance = (...codes: string[]) =>
      childrenOf(statement, 'Bal').find((one) => codes.includes(textAt(one, 'Tp', 'CdOrPrtry', 'Cd') ?? ''));
    const [opening, closing] = [balance('OPBD', 'PRCD'), balance('CLBD')];
    const booked = childrenOf(statement, 'Ntry').filter(
      (one) => (textAt(one, 'Sts') ?? textAt(one, 'Sts', 'Cd')) === 'BOOK',
    );
    const dates = [closing && child(closing, 'Dt'), child(booked.at(-1), 'BookgDt'), child(booked.at(-1), 'ValDt')];
    const date = dates.map((one) => textAt(one, 'Dt') ?? textAt(one, 'DtTm')).find((one) => one !== undefined);
    const id = child(statement, 'Acct', 'Id');
    const account = (textAt(id, 'IBAN') ?? textAt(id, 'Othr', 'Id') ?? textAt(id, 'BBAN'))?.replaceAll(/\s+/g, '');
    const currency = child(closing ?? booked[0], 'Amt')?.attributes.Ccy;
    return statementFrom(
      { account, date, currency },
      booked.map(signed),
      opening && signed(opening),
      closing && signed(closing),
    );
  };
};

const ofMt940 = (message: MtMessage): Read => {
  const balance = (tag: string) => {
    const [, mark, day, currency, text] =
      /^([CD])(\d{6})([A-Z]{3})([\d,]{1,16})/.exec(lineOf(message, tag) ?? '') ?? [];
    if (mark === undefined) return undefined;
    const { amount } = amountOf(text, currency, ',');
    return { date: dateOf6(day), currency, value: mark === 'D' ? -amount : amount };
  };
  return () => {
    const [opening, closing] = [balance('60'), balance('62')];
    const currency = closing?.currency ?? opening?.currency;
    const account = accountOf25(message, currency);
    const entries = message.fields.flatMap((field) => {
      const line = field.tag === '61' ? line61Of(field) : undefined;
      if (line === undefined || line.kind === 'E') return [];
      const { amount } = amountOf(line.amount, currency, line.point);
      return [(line.mark === 'C') === (line.kind !== 'R') ? amount : -amount];
    });
    return statementFrom({ account, date: closing?.date, currency }, entries, opening?.value, closing?.value);
  };
};

function statementFrom(
  { account, date, currency }: { account: string | undefined; date: string | undefined; currency: string | undefined },
  entries: readonly number[],
  opening: number | undefined,
  closing: number | undefined,
): Statement[] {
  if (account === undefined || date === undefined) return [];
  const { currency: known } = amountOf('0', currency);
  const sum = (sign: 1 | -1) => entries.filter((one) => one * sign > 0).reduce((total, one) => total + one * sign, 0);
  return [
    {
      ...{ account, date: date.slice(0, 10), currency: known, credits: sum(1), debits: sum(-1) },
      ...(opening !== undefined && { opening }),
      ...(closing !== undefined && { closing }),
    },
  ];
}
