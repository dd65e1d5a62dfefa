import { checkServer, type ServerCheck } from '../../adapters/redis/server-check.ts';
import type { CommonEnvironment } from '../../config/environment.ts';
import type { Settings } from '../../config/settings.ts';
import { about, type Finding } from '../../ops/findings.ts';
import { withBorrowedRedis } from '../borrowed-redis.ts';

type Durability = Settings['redis']['durability'];

const redis = about('redis');

/** REDIS_URL, or the private server of the state folder, which is left as it was found. */
export const checkRedis = async (environment: Pick<CommonEnvironment, 'redisUrl' | 'stateDir'>, durability: Durability): Promise<readonly Finding[]> => {
  try {
    return findingsOf(await withBorrowedRedis(environment, durability === 'required', checkServer), durability);
  } catch (error) {
    return [redis.fail(sentenceOf(error, environment.redisUrl === undefined))];
  }
};

const sentenceOf = (error: unknown, isPrivate: boolean): string => {
  const said = error instanceof Error ? error.message : String(error);
  if (isPrivate) return `the private Redis cannot be used: ${said}`;
  // what ioredis says of its own tries helps nobody
  const why = error instanceof Error && error.name === 'MaxRetriesPerRequestError' ? '' : ` (${said})`;
  return `nothing answers at REDIS_URL as Redis should${why}: start it, or set REDIS_URL to where it is.`;
};

const findingsOf = ({ facts, problems, advice, notVerified }: ServerCheck, durability: Durability): readonly Finding[] => {
  const failing = problems.filter(({ concerns }) => concerns === 'unfit' || durability === 'required');
  const tolerated = problems.filter((problem) => !failing.includes(problem));
  return [
    ...(failing.length === 0 ? [redis.ok(`${facts.product} ${facts.version ?? 'of an unknown version'} answers.`)] : []),
    ...failing.map(({ sentence }) => redis.fail(sentence)),
    ...tolerated.map(({ sentence }) => redis.advice(`${sentence} kdebug.yaml permits it: durability is none.`)),
    ...(durability === 'required' ? advice.map((sentence) => redis.advice(sentence)) : []),
    ...(notVerified.length > 0 ? [redis.notVerified(`Redis does not tell ${notVerified.join(', ')}: look there that it keeps what it is given.`)] : []),
  ];
};
