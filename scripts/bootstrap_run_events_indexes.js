// Gives a database the index set of the weekly plan lineage, from mongosh:
//
//   mongosh "$MONGO_URL" --file scripts/bootstrap_run_events_indexes.js
//
// The database is the URL's where it names one, else MONGO_DATABASE, else weekly_plan. It can run
// again at any time: what is right is kept, an index of the same key or name with other options is
// replaced. `weekly-plan db bootstrap` makes the same set.

const DAY_S = 86400;

const INDEX_SET = {
  run_events: [
    [{ athleteId: 1, runId: 1 }, { unique: true }],
    [{ runId: 1 }, {}],
    [{ status: 1, createdAt: -1 }, {}],
    [{ createdAt: 1 }, { expireAfterSeconds: 90 * DAY_S }],
  ],
  weekly_metrics: [
    [{ weekStart: 1 }, { unique: true }],
    [{ createdAt: -1 }, {}],
  ],
  plan_snapshots: [
    [{ athleteId: 1, runId: 1 }, { unique: true }],
    [{ runId: 1 }, {}],
    [{ weekStart: 1 }, {}],
    [{ createdAt: 1 }, { expireAfterSeconds: 365 * DAY_S }],
  ],
  run_artifacts: [
    [{ athleteId: 1, runId: 1 }, { unique: true }],
    [{ runId: 1 }, {}],
    [{ createdAt: -1 }, {}],
    [{ observedWeekStart: 1, createdAt: -1 }, {}],
  ],
  plan_adherence: [
    [{ athleteId: 1, runId: 1 }, { unique: true }],
    [{ runId: 1 }, {}],
    [{ weekStart: 1 }, {}],
  ],
  plan_deliveries: [
    [{ athleteId: 1, runId: 1, target: 1, account: 1 }, { unique: true }],
    [{ runId: 1 }, {}],
    [{ athleteId: 1, target: 1, weekStart: 1 }, {}],
  ],
  cohort_members: [[{ athleteId: 1 }, { unique: true }]],
  cohort_runs: [
    [{ athleteId: 1, runId: 1 }, { unique: true }],
    [{ dagsterRunId: 1 }, {}],
    [{ athleteId: 1, observedWeekStart: 1 }, {}],
    [{ createdAt: 1 }, { expireAfterSeconds: 90 * DAY_S }],
  ],
  activities: [
    [{ athleteId: 1, id: 1 }, { unique: true }],
    [{ athleteId: 1, weekStart: 1 }, {}],
  ],
  wellness: [
    [{ athleteId: 1, id: 1 }, { unique: true }],
    [{ athleteId: 1, weekStart: 1 }, {}],
  ],
  stored_weeks: [[{ athleteId: 1, collection: 1, weekStart: 1 }, { unique: true }]],
};

// Indexes of earlier versions that refuse what is kept now.
const RETIRED = { plan_deliveries: [{ runId: 1, target: 1 }] };

// Unique indexes of earlier versions, which `weekly-plan db migrate --apply` replaces.
const SUPERSEDED = {
  run_events: { runId: 1 },
  plan_snapshots: { runId: 1 },
  run_artifacts: { runId: 1 },
  plan_adherence: { runId: 1 },
  plan_deliveries: { runId: 1, target: 1, account: 1 },
  cohort_runs: { runId: 1 },
  stored_weeks: { collection: 1, athleteId: 1, weekStart: 1 },
};

function nameOf(key) {
  return Object.entries(key)
    .map(([field, direction]) => `${field}_${direction}`)
    .join("_");
}

function sameKey(left, right) {
  return JSON.stringify(Object.entries(left)) === JSON.stringify(Object.entries(right));
}

function isRight(found, key, options, collation) {
  return (
    found.name === nameOf(key) &&
    sameKey(found.key, key) &&
    Boolean(found.unique) === Boolean(options.unique) &&
    found.expireAfterSeconds === options.expireAfterSeconds &&
    !found.sparse &&
    !found.partialFilterExpression &&
    JSON.stringify(found.collation) === JSON.stringify(collation)
  );
}

// Indexes inherit the collation of their collection.
function collationOf(collection) {
  const [info] = target.getCollectionInfos({ name: collection.getName() });
  return info?.options?.collation;
}

function existingIndexes(collection) {
  try {
    // Not returned at once: mongosh waits for the answer, and so catches its error, only here.
    const indexes = collection.getIndexes();
    return indexes;
  } catch (error) {
    if (error.codeName === "NamespaceNotFound") {
      return [];
    }
    throw error;
  }
}

function hasSuperseded(collection) {
  const key = SUPERSEDED[collection.getName()];
  const collation = collationOf(collection);
  return existingIndexes(collection).some((found) =>
    isRight(found, key, { unique: true }, collation),
  );
}

function ensureIndex(collection, key, options) {
  const rivals = existingIndexes(collection).filter(
    (found) => found.name === nameOf(key) || sameKey(found.key, key),
  );
  const collation = collationOf(collection);
  if (
    rivals.some((found) => isRight(found, key, options, collation)) ||
    (sameKey(key, SUPERSEDED[collection.getName()] ?? {}) && hasSuperseded(collection))
  ) {
    return "kept";
  }
  rivals.forEach((found) => collection.dropIndex(found.name));
  collection.createIndex(key, { ...options, name: nameOf(key) });
  return rivals.length > 0 ? "replaced" : "created";
}

// mongosh calls the database "test" when the URL names none.
const named = db.getName() === "test" ? process.env.MONGO_DATABASE || "weekly_plan" : db.getName();
const target = db.getSiblingDB(named);
print(`database ${named}`);
// A database of several athletes has this index in place of the one on weekStart alone.
const SEVERAL = { athleteId: 1, weekStart: 1 };
const several = existingIndexes(target.getCollection("weekly_metrics")).some((found) =>
  isRight(found, SEVERAL, { unique: true }, collationOf(target.getCollection("weekly_metrics"))),
);
if (several) {
  INDEX_SET.weekly_metrics[0][0] = SEVERAL;
}
function removeUnique(name, key) {
  const collection = target.getCollection(name);
  existingIndexes(collection)
    .filter((found) => found.unique && sameKey(found.key, key))
    .forEach((found) => {
      collection.dropIndex(found.name);
      print(`removed ${name}.${found.name}`);
    });
}

// Where the change to several athletes was interrupted, the other index is still there.
if (several) {
  removeUnique("weekly_metrics", { weekStart: 1 });
}
for (const [name, indexes] of Object.entries(INDEX_SET)) {
  for (const [key, options] of indexes) {
    const action = ensureIndex(target.getCollection(name), key, options);
    print(`${action} ${name}.${nameOf(key)}`);
  }
}
for (const [name, keys] of Object.entries(RETIRED)) {
  keys.forEach((key) => removeUnique(name, key));
}
const superseded = Object.keys(SUPERSEDED)
  .filter((name) => hasSuperseded(target.getCollection(name)))
  .map((name) => `${name}.${nameOf(SUPERSEDED[name])}`);
if (superseded.length > 0) {
  const names = superseded.join(", ");
  print(`of an earlier version: ${names}; \`weekly-plan db migrate --apply\` replaces them`);
}
