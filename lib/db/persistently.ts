const DEADLOCK = "40P01";

/**
 * Tries again when the database ended a transaction because it and another one waited for each other: mostly because what one locks first, the
 * other locks last. For calls that lock rows in another order than most, and may be made again.
 * @throws what the last of three tries threw, and everything else at once
 */
export async function persistently<T>(attempt: () => Promise<T>, triesLeft = 3): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if ((error as { code?: string }).code !== DEADLOCK || triesLeft <= 1) throw error;
    return persistently(attempt, triesLeft - 1);
  }
}
