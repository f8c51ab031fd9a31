/** What `ta recover` finds, and what it writes again. */

/** What `ta recover` finds of one order, and does. */
export interface Finding {
  order: string;
  /**
   * `behind`: the workflow reads on in the journal. `gone`: a workflow is started from the books. `wedged`: the same in place of one
   * whose history cannot be told again. `ahead`: the books are restated
   * from the workflow. `withdrawal`, `settlement`, `return` (of suspended money): the same for one of these. `stuck`: none of it
   * helps; an operator must look.
   */
  what: 'behind' | 'gone' | 'wedged' | 'ahead' | 'withdrawal' | 'settlement' | 'return' | 'stuck';
  says: string;
}

/** Something that happened, and that the books have lost. */
export interface Lost {
  /** The order, or what else it happened to. */
  order: string;
  at: string;
  /** Of several at the same time, which comes first. */
  version: number;
  write: () => Promise<unknown>;
}
