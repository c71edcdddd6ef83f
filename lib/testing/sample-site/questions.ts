export interface SampleQuestion {
  /** As a visitor would type it: other words than the page uses. */
  question: string;
  /** The page that holds the answer; null when the site does not know. */
  expectedPath: string | null;
  /** Strings that stand in the text of that page and belong into a right answer. */
  expectedFacts: string[];
}

const ask = (question: string, expectedPath: string | null, ...expectedFacts: string[]): SampleQuestion => ({
  question,
  expectedPath,
  expectedFacts,
});

export const questions: readonly SampleQuestion[] = [
  // products
  ask("How big is the Sill and will it fit a 16 cm deep shelf?", "/products/sill", "42 × 15 × 34 cm"),
  ask("How many watts does the light of the Table have?", "/products/table", "34 W"),
  ask("How heavy is the Tower when it is full of water?", "/products/tower", "38.5 kg filled"),
  ask("What battery goes into the plant sensor and how long does it last?", "/products/dew", "CR2450", "14 months"),
  ask("Which herbs are in the starter pack?", "/products/herb-starter-set", "Thai basil", "lemon thyme"),
  ask("How spicy are your chillies?", "/products/chilli-tomato-set", "35,000 Scoville"),
  ask("When will the edible flowers be available again?", "/products/edible-flower-set", "14 December 2026"),
  ask("How much Leaf Food do I put into a Tower?", "/products/leaf-food", "60 ml"),
  ask("Can I hook up the big water reservoir to my Sill?", "/products/autofill-tank", "does not work with the Sill"),
  ask("How much weight can the shelf for the wall take?", "/products/wall-bracket", "6 kilograms"),
  ask("Do gift vouchers expire?", "/products/gift-card", "five years"),
  ask("What does a new pump for the Tower cost?", "/products/pump-kit", "€36"),
  ask("Does the climbing frame fit a Table from 2022?", "/products/trellis-kit", "adapter rail"),
  // plans and shop
  ask("What do I pay per month for Harvest?", "/plans", "€17.90"),
  ask("Is there an offer for schools and what does it cost?", "/plans/classroom", "€29 a month per school"),
  ask("How much is a used Table in very good condition?", "/refurbished", "€189", "18 months"),
  // setup and care
  ask("What does it mean when the light ring on my Sill is orange?", "/help/set-up-sill", "time for plant food"),
  ask(
    "Which screw do I have to take out before cranking up the lamp of the Table?",
    "/help/set-up-table",
    "red transport screw",
  ),
  ask("Does it work with 5 GHz wifi?", "/help/connect-wifi", "2.4 GHz"),
  ask("When should I remove the plastic covers from the seedlings?", "/help/plant-pods", "ten days"),
  ask("How often must I change the water completely?", "/help/watering-and-tank", "Every four weeks"),
  ask("I am going on vacation for three weeks, will my Table survive?", "/help/holiday", "27 days"),
  ask("Can I clean the machine with vinegar?", "/help/cleaning-and-descaling", "No vinegar"),
  ask("How many hours should the light be on for tomatoes?", "/help/light-schedule", "14 to 16"),
  ask("Where exactly do I cut basil so it gets bushy?", "/help/harvest-herbs", "above a pair of leaves"),
  // troubleshooting
  ask("My display shows E02, what now?", "/help/error-codes", "Rinse the filter"),
  ask("What does error E22 mean?", "/help/error-codes", "no water within 90 seconds"),
  ask("Why is my pump whining so loudly?", "/help/pump-noise", "limescale on the shaft"),
  ask(
    "There are tiny black insects around my plants, how do I get rid of them?",
    "/help/algae-mould-gnats",
    "Fungus gnats",
    "yellow sticky card",
  ),
  ask("How do I wipe my Sill before I sell it?", "/help/reset-garden", "hold the button for fifteen seconds"),
  ask("My parsley has not come up after two weeks, is that normal?", "/help/seeds-not-sprouting", "12–18"),
  ask("Are chives dangerous for my cat?", "/help/is-the-light-safe", "poisonous to cats and dogs"),
  // app and account
  ask("I lost my phone and cannot log in with the code any more", "/help/two-step-login", "recovery codes"),
  ask("How many people can look after one garden together?", "/help/share-a-garden", "Up to six people"),
  ask("Can I stop the monthly boxes for a while?", "/help/change-plan", "one, two or three months"),
  ask("Can I pay with American Express for my subscription?", "/help/payment-methods", "American Express"),
  ask("How do I get all my data out of the app?", "/help/delete-account", "72 hours"),
  // orders
  ask("What does delivery to Switzerland cost?", "/help/shipping", "€19.90"),
  ask("How long do I have to send something back?", "/help/returns", "45 days"),
  ask("How many years of guarantee are on the LED lights?", "/help/warranty", "5 years"),
  ask("My package arrived broken, until when do I have to tell you?", "/help/damaged-parcel", "seven days"),
  ask("What is the price for replacing the main board of a Sill after the warranty?", "/help/repairs", "€55"),
  ask("Do I get something for my old Tower?", "/help/recycling", "€100 for a Tower"),
  // company
  ask("Is the shop in Utrecht open late on any day?", "/stores", "Thursday until 21:00"),
  ask("At what times can I call you?", "/contact", "9:00–17:00"),
  ask("Who founded the company?", "/about", "Noor Claes", "Tomas Verhelst"),
  ask("What salary do you pay embedded engineers?", "/careers/embedded-engineer", "€58,000"),
  ask("When is the next repair day in Ghent?", "/events", "5 December 2026"),
  // developers
  ask("How many API calls per minute am I allowed to make?", "/developers/errors", "120 requests per minute"),
  ask("After how many days does a personal API token expire?", "/developers/authentication", "365 days"),
  ask("How many times do you resend a webhook that fails?", "/developers/webhooks", "five attempts"),
  ask("When will version 1 of the API stop working?", "/developers/changelog", "31 March 2027"),
  // journal, legal, other languages
  ask("Why did the app say all gardens were offline in May?", "/journal/outage-report", "certificate"),
  ask("How much basil do I need for the pesto recipe?", "/journal/pesto-week", "80 g basil leaves"),
  ask("What was the most popular plant in 2025?", "/journal/year-2025", "Genovese basil"),
  ask("How high is the product liability insurance cover?", "/legal/terms-and-privacy", "€5 million"),
  ask("Was kostet der Versand nach Deutschland?", "/de/hilfe/versand", "6,90 €"),
  ask("Où faire réparer mon potager à Nantes ?", "/fr/reparateurs", "La Clé à Molette"),
  // not on the site
  ask("Do I collect airline miles when I buy something from you?", null),
  ask("What is the name of your chief financial officer?", null),
  ask("Which wine goes with the salad set?", null),
  ask("Can I rent a Tower for a wedding weekend?", null),
  ask("What is the share price of Sprigwell?", null),
  ask("Does the Sill have a microphone jack for headphones?", null),
];

const DEMO = [
  "How long do I have to send something back?",
  "My display shows E02, what now?",
  "What does delivery to Switzerland cost?",
];

/** Three natural questions, each answered by one passage of one page. */
export const demoQuestions: readonly SampleQuestion[] = DEMO.flatMap(
  (wanted) => questions.find((entry) => entry.question === wanted) ?? [],
);
