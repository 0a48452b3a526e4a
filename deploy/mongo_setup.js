// Makes the replica set of compose.yaml and the user of the project; a second time it changes nothing.
const fs = require("fs");
const secret = (name) => fs.readFileSync(`/run/secrets/${name}`, "utf8").trim();

const members = ["mongo-1", "mongo-2", "mongo-3"].map((host, _id) => ({ _id, host: `${host}:27017` }));
const root = `mongodb://root:${encodeURIComponent(secret("mongo_root_password"))}@`;

const first = connect(`${root}mongo-1/admin?directConnection=true`);
try {
  first.adminCommand({ replSetGetStatus: 1 });
} catch (error) {
  if (error.codeName !== "NotYetInitialized") throw error;
  first.adminCommand({ replSetInitiate: { _id: "weekly-plan", members } });
}

const hosts = members.map(({ host }) => host).join(",");
const admin = connect(`${root}${hosts}/admin?replicaSet=weekly-plan&serverSelectionTimeoutMS=60000`);
const user = {
  pwd: secret("mongo_password"),
  roles: [
    { role: "readWrite", db: "weekly_plan" },
    { role: "dbAdmin", db: "weekly_plan" },
  ],
};
if (admin.getUser("weekly_plan") === null) {
  admin.createUser({ user: "weekly_plan", ...user });
} else {
  admin.updateUser("weekly_plan", user);
}
