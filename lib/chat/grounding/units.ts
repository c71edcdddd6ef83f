/** A unit of measure as all ways of writing it share it: `24 hours` and `1 day` are both 1,440 minutes. */
export interface Unit {
  name: string;
  factor: number;
}

/** Lower case, in the languages of the widget that write Latin letters; a plural or case ending of up to three letters is understood. */
const UNITS: [name: string, factor: number, ways: string][] = [
  ["min", 1 / 60, "s sec second seconds sekunde sekunden seconde secondes segundo segundos secondo secondi seconden"],
  ["min", 1, "min mins minute minutes minuten minuto minutos minuti minuut"],
  ["min", 60, "h hr hrs hour hours stunde stunden heure heures hora horas ora ore uur uren"],
  [
    "min",
    1_440,
    "d day days tag tage tagen werktag werktage werktagen arbeitstag arbeitstage arbeitstagen werkdag werkdagen jour jours día días dia dias giorno giorni dag dagen",
  ],
  ["min", 10_080, "week weeks woche wochen semaine semaines semana semanas settimana settimane weken"],
  ["month", 1, "month months monat monate monaten mois mes meses mese mesi maand maanden mês"],
  ["month", 12, "year years yr yrs jahr jahre jahren an ans année années año años ano anos anno anni jaar jaren"],
  ["mm", 1, "mm"],
  ["mm", 10, "cm"],
  ["mm", 1_000, "m metre metres meter meters mètre mètres metro metros metri"],
  ["mm", 1_000_000, "km"],
  ["inch", 1, 'in inch inches " ″'],
  ["g", 1, "g gram grams gramm gramme grammes gramo gramos grammi"],
  ["g", 0.001, "mg"],
  ["g", 1_000, "kg kilo kilos kilogram kilograms kilogramm"],
  ["lb", 1, "lb lbs pound-weight"],
  ["ml", 1, "ml"],
  ["ml", 10, "cl"],
  ["ml", 1_000, "l litre litres liter liters litro litros litri"],
  ["%", 1, "% percent prozent procent pourcent pct"],
  ["°", 1, "° °c °f degrees grad degrés"],
  ["W", 1, "w watt watts"],
  ["W", 1_000, "kw"],
  ["V", 1, "v volt volts"],
  ["Hz", 1, "hz"],
  ["Hz", 1e6, "mhz"],
  ["Hz", 1e9, "ghz"],
  ["byte", 1e3, "kb"],
  ["byte", 1e6, "mb"],
  ["byte", 1e9, "gb"],
  ["byte", 1e12, "tb"],
  ["EUR", 1, "€ eur euro euros"],
  ["USD", 1, "$ usd dollar dollars us$"],
  ["GBP", 1, "£ gbp quid"],
  ["CHF", 1, "chf franken francs"],
  ["JPY", 1, "¥ jpy yen"],
  ["INR", 1, "₹ inr rupees"],
  ["PLN", 1, "zł pln"],
  ["kr", 1, "kr sek dkk nok kronen kronor"],
  ["TRY", 1, "₺ try lira"],
  ["RUB", 1, "₽ rub"],
];

const BY_WAY = new Map(UNITS.flatMap(([name, factor, ways]) => ways.split(" ").map((way) => [way, { name, factor }])));
const CURRENCIES = new Set("EUR USD GBP CHF JPY INR PLN kr TRY RUB".split(" "));

/** @param written as it stands beside a number, in any case */
export const unitOf = (written: string): Unit | undefined => BY_WAY.get(written.toLowerCase());

export const isCurrency = (unit: Unit): boolean => CURRENCIES.has(unit.name);

/** What a number is multiplied by: `5 million`. */
export const MULTIPLIERS: Record<string, number> = {
  thousand: 1e3,
  tausend: 1e3,
  million: 1e6,
  millions: 1e6,
  millionen: 1e6,
  millones: 1e6,
  milioni: 1e6,
  mio: 1e6,
  billion: 1e9,
  milliarden: 1e9,
  milliards: 1e9,
};
