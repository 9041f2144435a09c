// SPDX-License-Identifier: Apache-2.0
#include "simulator/cloud/phrases.h"

#include <array>

namespace wxcc::simulator {
namespace {

using Text = std::string_view;

constexpr std::array<Text, 5> kOpeningEn = {"Hello, my parcel has not arrived. Order {}.",
                                            "Hi, I was charged twice for invoice {}.", "I can't log in to my account 😕",
                                            "Hey! Is the blue jacket back in stock?",
                                            "Good morning, I want to return order {}."};
constexpr std::array<Text, 12> kCustomerEn = {"Yes, that is right.",
                                              "The order number is {}.",
                                              "No, not yet.",
                                              "Ok, thanks 👍",
                                              "I have been waiting for two weeks now.",
                                              "Can you refund it to my card?",
                                              "Where do I find that?",
                                              "Great, that works!",
                                              "Hmm, it says \"error {}\".",
                                              "My address is 12 Harbour Street, Leeds.",
                                              "Could you send it by e-mail?",
                                              "That's not what your colleague told me yesterday…"};
constexpr std::array<Text, 10> kAgentEn = {"I will look it up for you.",
                                           "Could you give me the order number?",
                                           "Thank you, one moment please.",
                                           "I see that order {} left our warehouse on Monday.",
                                           "I have started a refund; it takes 3-5 working days.",
                                           "You will get an e-mail with a link: https://shop.example/r/{}",
                                           "I am sorry for the trouble.",
                                           "Is there anything else I can do for you?",
                                           "Please try again after clearing the cache.",
                                           "I have passed this on to our delivery team."};

constexpr std::array<Text, 4> kOpeningNl = {
    "Goedemorgen, mijn pakket is niet bezorgd.", "Hoi, ik heb een vraag over factuur {}.",
    "Hallo, ik kan niet inloggen 🤔", "Ik wil bestelling {} graag annuleren."};
constexpr std::array<Text, 9> kCustomerNl = {"Ja, dat klopt.",
                                             "Het bestelnummer is {}.",
                                             "Nee, helaas niet.",
                                             "Oké, dank je wel! 😊",
                                             "Ik wacht al twee weken.",
                                             "Kan het bedrag teruggestort worden?",
                                             "Mijn postcode is 3511 AB.",
                                             "Dat is vreemd, want ik zie € {} staan.",
                                             "Prima, dan wacht ik de e-mail af."};
constexpr std::array<Text, 7> kAgentNl = {
    "Ik kijk het even voor je na.",        "Mag ik je bestelnummer?",   "Een ogenblik alsjeblieft.",
    "Je bestelling {} is onderweg.",       "Excuses voor het ongemak.", "Ik heb de terugbetaling in gang gezet.",
    "Kan ik nog iets anders voor je doen?"};

constexpr std::array<Text, 3> kOpeningDe = {"Guten Tag, ich habe eine Frage zur Rechnung {}.",
                                            "Hallo, mein Paket ist noch nicht da.", "Ich möchte meine Adresse ändern."};
constexpr std::array<Text, 7> kCustomerDe = {"Ja, genau.",
                                             "Die Bestellnummer lautet {}.",
                                             "Nein, leider nicht.",
                                             "Vielen Dank für die schnelle Hilfe!",
                                             "Straße: Größenweg 7, 80331 München",
                                             "Wie lange dauert das ungefähr?",
                                             "Das verstehe ich nicht ganz."};
constexpr std::array<Text, 6> kAgentDe = {"Ich prüfe das gern für Sie.",
                                          "Einen Moment bitte.",
                                          "Ihre Bestellung {} wurde gestern verschickt.",
                                          "Es tut mir leid für die Umstände.",
                                          "Die Erstattung ist veranlasst.",
                                          "Kann ich sonst noch etwas für Sie tun?"};

constexpr std::array<Text, 3> kOpeningFr = {"Bonjour, ma commande {} n'est pas arrivée.",
                                            "Bonjour, j'ai oublié mon mot de passe.", "Salut, où est mon colis ?"};
constexpr std::array<Text, 6> kCustomerFr = {"Oui, c'est exact.",
                                             "Le numéro est {}.",
                                             "Merci beaucoup 🙏",
                                             "Non, toujours pas…",
                                             "Ça marche, j'attends votre e-mail.",
                                             "C'était prévu pour le 3 août."};
constexpr std::array<Text, 5> kAgentFr = {"Je vérifie cela tout de suite.", "Un instant, s'il vous plaît.",
                                          "Votre commande {} a été expédiée.", "Je suis désolé pour ce désagrément.",
                                          "Puis-je vous aider pour autre chose ?"};

constexpr std::array<Text, 2> kOpeningJa = {"こんにちは。注文番号{}がまだ届きません。", "ログインできないのですが。"};
constexpr std::array<Text, 5> kCustomerJa = {"はい、そうです。", "番号は{}です。", "ありがとうございます🙇",
                                             "まだです。", "メールで送ってください。"};
constexpr std::array<Text, 4> kAgentJa = {"お調べいたします。", "少々お待ちください。", "ご注文{}は発送済みです。",
                                          "申し訳ございません。"};

constexpr std::array<PhraseBook, 5> kBooks = {{
    {"en-US", "I am the virtual assistant. Choose: 1) Track 2) Return 3) Agent", "Good day, you are talking to",
     "Thank you for contacting us. Goodbye!", kOpeningEn, kCustomerEn, kAgentEn},
    {"nl-NL", "Ik ben de virtuele assistent. Kies: 1) Volgen 2) Retour 3) Medewerker", "Goedendag, je spreekt met",
     "Bedankt voor het gesprek. Tot ziens!", kOpeningNl, kCustomerNl, kAgentNl},
    {"de-DE", "Ich bin der virtuelle Assistent. Wählen Sie: 1) Verfolgen 2) Rückgabe 3) Mitarbeiter",
     "Guten Tag, Sie sprechen mit", "Danke für Ihre Anfrage. Auf Wiedersehen!", kOpeningDe, kCustomerDe, kAgentDe},
    {"fr-FR", "Je suis l'assistant virtuel. Choisissez : 1) Suivi 2) Retour 3) Conseiller", "Bonjour, vous parlez avec",
     "Merci de nous avoir contactés. Au revoir !", kOpeningFr, kCustomerFr, kAgentFr},
    {"ja-JP", "バーチャルアシスタントです。1) 追跡 2) 返品 3) オペレーター", "担当の者です：",
     "お問い合わせありがとうございました。", kOpeningJa, kCustomerJa, kAgentJa},
}};

constexpr std::array<Text, 9> kAwkward = {"=SUM(A1:A9)",
                                          "+31 6 12345678",
                                          "@everyone please help",
                                          "_x0041_ is what the form shows",
                                          "tab\there, and \"quotes\", and a comma",
                                          "  leading and trailing blanks  ",
                                          "👩‍👩‍👧‍👦 family plan 🇳🇱",
                                          "first line\r\nsecond line\r\n\r\nlast line",
                                          "<b>bold</b> &amp; <script>alert(1)</script>"};

}  // namespace

const PhraseBook& phrase_book(int language) {
  return kBooks[static_cast<std::size_t>(language)];
}

const Phrases kEdgeCasePhrases = kAwkward;

}  // namespace wxcc::simulator
