/** The customers of the demo: who they are, what they open with, what they answer. Numbers of ranges that are kept for fiction. */
export interface Person {
  pn: string;
  name: string;
  /** Which of the demo's accounts they write to: an index. */
  account: number;
  opens: string[];
  answers: string[];
}

export interface DemoAccount {
  pn: string;
  label: string;
}

export const accounts: DemoAccount[] = [
  { pn: '447700900101', label: 'Front desk' },
  { pn: '447700900102', label: 'Orders' },
  { pn: '447700900103', label: 'Workshop' },
];

const person = (pn: string, name: string, account: number, opens: string[], answers: string[]): Person => ({ pn, name, account, opens, answers });

export const people: Person[] = [
  person('447700900201', 'Maya', 0, ['Hi! Are you open on Sunday?'], ['Great, thank you 🙏', 'And is there parking nearby?', 'See you then!']),
  person('447700900202', 'Jonas', 0, ['Good morning, I would like to move my appointment.', 'Thursday would be best.'], ['Perfect.', 'Could it be a bit later, around 16:00?', '👍']),
  person('447700900203', 'Aylin', 0, ['Do you have a table for 6 on Friday evening?'], ['Yes, half past seven.', 'One of us is vegetarian, is that fine?', 'Wonderful, thanks!']),
  person('447700900204', 'דניאל', 0, ['שלום, מה שעות הפתיחה?'], ['תודה רבה!', 'נהדר']),
  person('447700900205', 'Pilar', 1, ['Hola, ¿ya salió mi pedido?', 'Es el 4417.'], ['¡Gracias!', '¿Llega mañana entonces?', 'Perfecto 🎉']),
  person('447700900206', 'Tom', 1, ['The blue one is out of stock on your page. When will it be back?'], ['Ok, please let me know.', 'I would take the green one too.', 'Cheers']),
  person('447700900207', 'Ioana', 1, ['Bună ziua, pot schimba adresa de livrare?'], ['Mulțumesc frumos!', 'Strada Lungă 12, Brașov.', 'O zi bună!']),
  person('447700900208', 'Chidi', 1, ['I received two of the same item. What should I do?'], ['The one with the scratch, I suppose.', 'Sure, I can bring it by.', 'Thanks for the quick help']),
  person('447700900209', 'Freya', 2, ['My bike is making that noise again 😬'], ['Only when I go uphill.', 'Tomorrow at nine works.', 'You are the best']),
  person('447700900210', 'Luca', 2, ['Ciao! Is my repair ready?'], ['Super, I come by after work.', 'How much is it?', 'Grazie!']),
  person('447700900211', 'Noor', 2, ['Do you also repair e-bikes?'], ['It is a hub motor, from 2022.', 'And how long would it take?', 'Good, I will call.']),
  person('447700900212', 'Sofia', 2, ['Could you send me the invoice once more?'], ['Got it, thank you.', 'To the company, please.', 'Have a nice day!']),
];
