/** Whole numbers: division and percents that round down and stay inside the safe integers, and sums. */

/** Whole part of a ÷ b, exact for every safe integer that is not negative. */
export const divided = (a: number, b: number): number => (a - (a % b)) / b;

/** `percent` of an amount, rounded down without leaving the safe integers on the way. */
export const percentOf = (amount: number, percent: number): number =>
  divided(amount, 100) * percent + divided((amount % 100) * percent, 100);

export const sum = (numbers: number[]): number => numbers.reduce((total, n) => total + n, 0);
