/** What an order is found by follows from it, whatever it says. */
import fc from 'fast-check';
import { indexOf, wordsOf } from '../../domain/order-index';
import { assertAll } from '../support/arbitraries';
import { advancePaid, buyer, completeContract, drafted, given, registered, supplier, later } from '../support/builders';

test('words have no case and no accents; Chinese is found by any part of it', () => {
  expect(wordsOf('LED Panel-Light, Müller 7a')).toEqual(['led', 'panel', 'light', 'muller', '7a']);
  expect(wordsOf('宁波灯A1')).toEqual(['宁', '波', '灯', '宁波', '波灯', 'a1']);
});

test('whatever a text says, each of its words is found in it', () => {
  assertAll(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const words = wordsOf(text);
      for (const word of words) expect(words).toEqual(expect.arrayContaining(wordsOf(word)));
    }),
    500,
  );
});

test('an order is found by its milestone, its numbers and its words', () => {
  const { order } = given(advancePaid(), registered('E-1', 'DECL-1'));
  expect(indexOf(order)).toMatchObject({
    milestone: 'logistics',
    references: ['declaration:decl-1', 'bank:advance'],
    words: expect.arrayContaining(['led', 'panel', 'alster', 'decl', '1', '94051100']),
  });
});

test('R20 a complaint is none, open, escalated, closed', () => {
  const story = given(drafted(completeContract()));
  expect(indexOf(story.order)).not.toHaveProperty('dispute');
  const complained = given(
    advancePaid(),
    later({ days: 150 }),
    buyer('complain', { kind: 'late-shipment', description: 'Nothing came.' }),
  );
  expect(indexOf(complained.order).dispute).toBe('open');
  complained.play(supplier('answerComplaint', { answer: 'It comes.' }), later({ days: 5 }), buyer('escalate'));
  expect(indexOf(complained.order).dispute).toBe('escalated');
  complained.play(buyer('withdrawComplaint', {}));
  expect(indexOf(complained.order).dispute).toBe('closed');
});
