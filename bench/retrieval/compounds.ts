/**
 * A help centre in German whose visitors say the part where a page says the compound, or the compound where a page says its parts. Pages and
 * questions were written before anything was tried on them, and are left as they were.
 */
export const HELP_CENTRE: { id: string; title: string; text: string }[] = [
  {
    id: "versandkosten",
    title: "Was die Lieferung kostet",
    text: "Die Versandkosten betragen innerhalb Deutschlands 4,90 Euro. Ab einem Bestellwert von 60 Euro entfallen sie. Für Sperrgut berechnen wir einen Zuschlag von 15 Euro.",
  },
  {
    id: "ausland",
    title: "Lieferung in andere Länder",
    text: "Nach Österreich und in die Schweiz liefern wir mit der Post. Die Kosten für den Versand hängen vom Gewicht ab und stehen im Warenkorb, bevor Sie bezahlen. Bei Sendungen in die Schweiz fallen Zoll und Gebühren an.",
  },
  {
    id: "sendungsverfolgung",
    title: "Wo ist mein Paket?",
    text: "Sobald Ihr Paket unser Lager verlässt, erhalten Sie per E-Mail eine Sendungsnummer. Damit sehen Sie beim Paketdienst, wo es gerade ist.",
  },
  {
    id: "rueckgabe",
    title: "Etwas zurückschicken",
    text: "Das Rückgaberecht gilt 30 Tage ab Erhalt der Ware. Drucken Sie das Etikett in Ihrem Konto aus und bringen Sie das Paket zu einer Filiale.",
  },
  {
    id: "erstattung",
    title: "Wann Sie Ihr Geld zurückbekommen",
    text: "Wir erstatten den Betrag auf dem Weg, auf dem Sie bezahlt haben. Das dauert nach Eingang der Ware höchstens sieben Tage.",
  },
  {
    id: "zahlung",
    title: "Bezahlen",
    text: "Als Zahlungsarten bieten wir Kreditkarte, Lastschrift und Rechnungskauf an. Auf Rechnung bezahlen können Kundinnen und Kunden ab der zweiten Bestellung.",
  },
  {
    id: "gutschein",
    title: "Gutscheincodes einlösen",
    text: "Geben Sie den Gutscheincode an der Kasse in das Feld unter der Summe ein. Pro Einkauf lässt sich ein Code einlösen, eine Barauszahlung ist nicht möglich.",
  },
  {
    id: "kuendigung",
    title: "Das Abonnement beenden",
    text: "Die Kündigungsfrist beträgt vier Wochen zum Monatsende. Sie können im Kundenkonto unter Vertrag kündigen; eine Bestätigung kommt sofort.",
  },
  {
    id: "laufzeit",
    title: "Wie lange ein Abonnement läuft",
    text: "Verträge haben eine Mindestlaufzeit von zwölf Monaten und verlängern sich danach jeweils um einen Monat. Eine Pause von bis zu drei Monaten ist möglich.",
  },
  {
    id: "passwort",
    title: "Zugang vergessen",
    text: "Klicken Sie auf der Anmeldeseite auf den Link unter dem Feld. Wir schicken Ihnen eine Nachricht, mit der Sie ein neues Passwort festlegen.",
  },
  {
    id: "zweifaktor",
    title: "Anmeldung mit einem zweiten Faktor",
    text: "Unter Sicherheit schalten Sie die Bestätigung mit dem Telefon ein. Bewahren Sie die Wiederherstellungscodes an einem sicheren Ort auf.",
  },
  {
    id: "adresse",
    title: "Anschrift ändern",
    text: "Die Lieferadresse ändern Sie vor dem Versandtermin selbst. Die Rechnungsadresse lässt sich nur durch den Kundendienst ändern.",
  },
  {
    id: "garantie",
    title: "Wenn etwas kaputtgeht",
    text: "Die Garantiezeit beträgt drei Jahre und beginnt mit dem Kaufdatum. Verschleißteile wie Dichtungen sind ausgenommen. Heben Sie den Kaufbeleg auf.",
  },
  {
    id: "ersatzteile",
    title: "Teile nachkaufen",
    text: "Ersatz für Dichtungen, Schläuche und Wasserbehälter finden Sie im Shop unter Zubehör. Wir halten Teile zehn Jahre nach dem Ende der Produktion vor.",
  },
  {
    id: "entkalken",
    title: "Kalk entfernen",
    text: "Die Maschine meldet, wenn sie entkalkt werden muss. Füllen Sie das Entkalkungsmittel in den Wassertank und starten Sie das Reinigungsprogramm. Es dauert zwanzig Minuten.",
  },
  {
    id: "milch",
    title: "Milch aufschäumen",
    text: "Tauchen Sie die Dampfdüse knapp unter die Oberfläche der Milch. Reinigen Sie die Düse nach jedem Gebrauch mit einem feuchten Tuch.",
  },
  {
    id: "bohnen",
    title: "Kaffee mahlen",
    text: "Den Mahlgrad stellen Sie am Rädchen im Bohnenbehälter ein, während das Mahlwerk läuft. Feiner gemahlen schmeckt der Kaffee kräftiger.",
  },
  {
    id: "fehler",
    title: "Meldungen auf der Anzeige",
    text: "Blinkt die rote Lampe, fehlt Wasser. Blinken beide, ist die Brühgruppe nicht eingesetzt. Bei anderen Fehlermeldungen ziehen Sie den Netzstecker und warten fünf Minuten.",
  },
  {
    id: "strom",
    title: "Technische Daten",
    text: "Der Stromverbrauch liegt bei 1.450 Watt, im Ruhezustand unter einem halben Watt. Das Gerät wiegt neun Kilogramm. Die Kabellänge beträgt 1,2 Meter.",
  },
  {
    id: "firmen",
    title: "Für Unternehmen",
    text: "Firmen erhalten ab fünf Geräten einen Mengenrabatt. Ihre Umsatzsteuernummer tragen Sie im Konto ein, dann steht sie auf jeder Rechnung.",
  },
  {
    id: "oeffnung",
    title: "Unser Laden in Köln",
    text: "Der Laden ist von Dienstag bis Samstag zwischen zehn und achtzehn Uhr geöffnet. Parken können Sie im Hof. Vorführungen finden am Samstag statt.",
  },
  {
    id: "kontakt",
    title: "So erreichen Sie uns",
    text: "Der Kundendienst ist an Werktagen von acht bis zwanzig Uhr da, am schnellsten über das Kontaktformular. Die Telefonnummer steht auf Ihrer Rechnung.",
  },
  {
    id: "daten",
    title: "Was wir über Sie speichern",
    text: "Wir speichern Ihren Bestellverlauf, solange das Konto besteht. Die Löschung Ihrer Daten verlangen Sie mit einer Nachricht an den Datenschutzbeauftragten.",
  },
  {
    id: "newsletter",
    title: "Neuigkeiten abbestellen",
    text: "Am Ende jeder E-Mail steht ein Link zum Abmelden. Es kann einen Tag dauern, bis keine mehr kommt.",
  },
  {
    id: "bewertung",
    title: "Ein Produkt bewerten",
    text: "Bewertungen schreiben kann nur, wer das Gerät bei uns gekauft hat. Wir prüfen jede auf Beleidigungen und veröffentlichen sie nach einem Werktag.",
  },
  {
    id: "entsorgung",
    title: "Das alte Gerät loswerden",
    text: "Wir nehmen Altgeräte kostenlos zurück, wenn Sie ein neues kaufen. Verpackungsmaterial gehört in den gelben Sack.",
  },
];

/** A question and the page that answers it. */
export const COMPOUND_QUESTIONS: [question: string, id: string][] = [
  // The part, where the page has the compound.
  ["Wie teuer ist der Versand?", "versandkosten"],
  ["Was ist mit Zuschlägen für sperrige Güter?", "versandkosten"],
  ["Wo finde ich die Nummer meiner Sendung?", "sendungsverfolgung"],
  ["Welcher Dienst bringt mein Paket?", "sendungsverfolgung"],
  ["Wie lange habe ich Recht auf Rückgabe?", "rueckgabe"],
  ["Kann ich per Karte zahlen?", "zahlung"],
  ["Welche Arten der Zahlung gibt es?", "zahlung"],
  ["Gibt es den Kauf auf Raten?", "zahlung"],
  ["Wird mein Gutschein bar ausgezahlt?", "gutschein"],
  ["Welche Frist gilt für die Kündigung?", "kuendigung"],
  ["Wie lang ist die Laufzeit?", "laufzeit"],
  ["Was mache ich mit den Codes zur Wiederherstellung?", "zweifaktor"],
  ["Wie lange gilt die Garantie?", "garantie"],
  ["Brauche ich den Beleg?", "garantie"],
  ["Zählt Verschleiß auch?", "garantie"],
  ["Welches Programm nehme ich für die Reinigung?", "entkalken"],
  ["Wo ist der Tank?", "entkalken"],
  ["Wie benutze ich den Dampf?", "milch"],
  ["Was tun, wenn das Gerät einen Fehler zeigt?", "fehler"],
  ["Wie hoch ist der Verbrauch?", "strom"],
  ["Wie lang ist das Kabel?", "strom"],
  ["Gibt es Rabatt?", "firmen"],
  ["Wo trage ich die Umsatzsteuer ein?", "firmen"],
  ["Haben Sie ein Formular?", "kontakt"],
  ["Wer kümmert sich um den Datenschutz?", "daten"],
  ["Wohin mit der Verpackung?", "entsorgung"],
  // The compound, where the page has its parts.
  ["Versandgebühren nach Österreich", "ausland"],
  ["Fallen Zollgebühren an?", "ausland"],
  ["Wie hoch ist das Sendungsgewicht?", "ausland"],
  ["Bieten Sie Postversand an?", "ausland"],
  ["Wo ist der Paketaufkleber fürs Kundenkonto?", "rueckgabe"],
  ["Wie läuft die Geldrückerstattung?", "erstattung"],
  ["Abonnementpause", "laufzeit"],
  ["Wie ist die Vertragsverlängerung?", "laufzeit"],
  ["Ich will mein Kontopasswort ändern", "passwort"],
  ["Wie ändere ich den Liefertermin?", "adresse"],
  ["Gibt es Ersatzdichtungen?", "ersatzteile"],
  ["Kann man Zubehörteile kaufen?", "ersatzteile"],
  ["Wie macht man Milchschaum?", "milch"],
  ["Welche Kaffeemaschine mahlt feiner?", "bohnen"],
  ["Was bedeutet die Lampenfarbe?", "fehler"],
  ["Wie groß ist das Gerätegewicht?", "strom"],
  ["Firmenrechnung mit Steuernummer", "firmen"],
  ["Wo sind die Ladenöffnungszeiten?", "oeffnung"],
  ["Habt ihr einen Hofparkplatz?", "oeffnung"],
  ["Wie beantrage ich eine Datenlöschung?", "daten"],
  ["E-Mail-Abmeldelink", "newsletter"],
  ["Kann ich eine Produktbewertung schreiben?", "bewertung"],
  ["Gibt es eine Altgeräterücknahme?", "entsorgung"],
];

/** What the help centre does not say, though it has words that begin or end like the question's. */
export const UNANSWERED = [
  "Haben Sie Konzertkarten?",
  "Wie wird das Wetter am Bahnhof?",
  "Kann man bei Ihnen Fahrräder mieten?",
  "Wer ist der Geschäftsführer?",
  "Welche Bücher empfehlen Sie zum Kochen?",
  "Wie heißt der Bürgermeister von Köln?",
  "Gibt es eine Betriebskantine?",
  "Wann ist die Gartenschau?",
];
