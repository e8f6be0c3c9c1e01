import { DozeError } from '../errors/index.ts';
import { suggest } from './suggest.ts';

/** ISO 4217, the money of countries and of unions of them: no funds, metals or test codes. */
const TWO_DECIMALS =
  'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC ' +
  'CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD ' +
  'KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO ' +
  'NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL ' +
  'THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG';
const NO_DECIMALS = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF';
const THREE_DECIMALS = 'BHD IQD JOD KWD LYD OMR TND';

const EXPONENTS: ReadonlyMap<string, number> = new Map(
  [NO_DECIMALS, '', TWO_DECIMALS, THREE_DECIMALS].flatMap((codes, exponent) =>
    codes
      .split(' ')
      .filter((code) => code !== '')
      .map((code) => [code, exponent] as const),
  ),
);

/** Reads `EUR`. @throws VALUE_INVALID */
export function parseCurrency(text: string): string {
  const code = text.trim().toUpperCase();
  if (EXPONENTS.has(code)) return code;
  const nearest = suggest(code, [...EXPONENTS.keys()]);
  throw new DozeError('VALUE_INVALID', `"${text}" is not a currency`, {
    hint: `use a code of ISO 4217, such as ${nearest ?? 'EUR'}`,
  });
}

/** Decimals of a currency's amounts: 2 for EUR, 0 for JPY, 3 for KWD. */
export function currencyExponent(code: string): number {
  return EXPONENTS.get(code) ?? 2;
}
