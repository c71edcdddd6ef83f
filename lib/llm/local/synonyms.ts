import { stem } from "@/lib/core/text/stem";

/**
 * Words that mean the same on the page of a shop, a help centre or a service. English only, one line per meaning: visitors ask
 * with one, pages answer with another. Kept short on purpose: every pair here was missed by a real question.
 */
const MEANINGS = `
cost costs price prices fee fees charge charges pay payment expensive cheap rate
refund refunds reimburse reimbursement money moneyback repay
return returns returned sending
ship shipping shipped deliver delivery deliveries delivered postage dispatch parcel package arrive arrives arrival transit
cancel cancellation stop end terminate quit unsubscribe
delete remove erase wipe deletion close deactivate
buy purchase bought order ordering
repair repairs fix mend service
broken damaged damage defective faulty fault defect cracked crack dented
missing lost
phone telephone call hotline
email mail e-mail
contact reach talk speak write touch
login log sign signin password
invoice invoices bill receipt bills
warranty guarantee guaranteed
change modify edit update switch alter
abroad international overseas foreign country countries worldwide
open opening hours times
discount discounts voucher vouchers coupon promo promotion sale code
voucher vouchers card cards
expire expires expired expiry valid validity
set pack kit bundle box
full fill filled
small tiny little
late until
resend retry attempt attempts again
subscription subscriptions plan plans membership tier
job jobs career careers hiring vacancy vacancies position
employee employees staff team people
clean cleaning wash washing rinse wipe
store stores shop shops branch location
size dimensions measure measurements width height depth large big
weight weigh weighs heavy kg
loud noise noisy quiet sound db
connect pair pairing connection link
reset restore factory
setup install installation assemble assembly
begin start started
kids children child
data information privacy personal
download export
upload import
allowed permitted allow forbidden
maximum max limit limits longest most exceed
minimum min least
quick fast quickly speed
work works compatible support supports supported
trial try test
gift present
brand brands maker makers manufacturer manufacturers
wife husband partner family spouse
holiday vacation away travel
bad harmful danger dangerous safe safety
factor step
wlan wifi wi-fi
light lamp led
owner founder founded
`;

const BY_STEM = new Map<string, Set<string>>();
for (const line of MEANINGS.trim().split("\n")) {
  const stems = new Set(line.split(" ").map((word) => stem(word, "en")));
  for (const one of stems) BY_STEM.set(one, new Set([...(BY_STEM.get(one) ?? []), ...stems]));
}
const NONE: ReadonlySet<string> = new Set();

/** Stems with the meaning of a stem, itself included; empty for most words. */
export const alternatives = (one: string): ReadonlySet<string> => BY_STEM.get(one) ?? NONE;
