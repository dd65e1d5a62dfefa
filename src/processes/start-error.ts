/** What is wrong with how it was started; the person who starts it reads it, without a stack. */
export class StartError extends Error {
  constructor(sentences: readonly string[]) {
    super(sentences.join('\n'));
    this.name = 'StartError';
  }
}
