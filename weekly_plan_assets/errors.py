"""The root of every error that the project raises itself.

Each message is one sentence, or several separated by semicolons, that a user can act on. The
command line shows it without a traceback and exits with code 1. Anything else that reaches the
command line is either an error of the machine, which `operations.foreign_errors` puts into words,
or a defect, which is logged with a request to report it.

A class is defined in the package that raises it. Some keep a built-in base as well, because a
library relies on it: pydantic makes a validation error of every ValueError.
"""


class WeeklyPlanError(Exception):
    """Something went wrong that a user can act on; the message says what, where and how.

    ::

        WeeklyPlanError
        ├── SettingsError               a setting is refused
        │   └── UnknownAthleteError     the roster has nobody of an id or name, or several
        ├── ExtensionError              a part of another package cannot be used
        ├── LibraryError                a file of workouts cannot be used
        ├── NotAllowedError             a value of a setting is not allowed
        ├── RefusedAnswerError          an answer to a question cannot be used
        ├── UnsafeFolderError           other users could reach what is in a folder
        ├── SourceError                 the source of training data cannot be read
        ├── FileError                   one file is not what it claims to be
        │   └── TooMuchError            one file holds more than is read
        ├── NoListError                 an answer is JSON, but not a list of rows
        ├── _CannotBeStoredError        a value of a row cannot be stored
        ├── TemporaryError              a request failed and is worth another attempt
        ├── GivenUpError                a request failed again and again
        ├── DeadlineError               an answer was not whole in time
        ├── UnusableAnswerError         an answer is too large or packed in a strange way
        ├── UnansweredWriteError        a change was sent, or not, and nothing was answered
        ├── WebhookRefusedError         a request is no webhook, or has the wrong secret
        ├── PlannerError                a planner cannot be asked, or gives no answer
        ├── AmbiguousAnswerError        an answer could be read as two plans
        ├── UndecidedError              an answer says no week
        ├── HistoryError                Dagster's history cannot be used
        ├── RunFailedError              a run that others need did not succeed
        ├── RetentionNotSetError        it is not said how old a run of Dagster may get
        ├── EarlierDataError            data begin before the partitions that were loaded
        ├── WorkerLostError             a worker process was killed
        ├── NotificationError           nobody can be notified
        ├── SupervisionError            `weekly-plan dev` cannot start or go on
        │   ├── AlreadyRunningError     another one runs on the same state
        │   └── PartGivenUpError        a part of it ends again and again
        ├── EmbeddedServerError         the embedded MongoDB server does not work
        │   └── DataInUseError          another server uses its data
        ├── StoreAwayError              the store does not answer
        ├── StoreError                  the store cannot do what was asked
        │   ├── MongoUrlError           MONGO_URL cannot be used
        │   ├── MissingRightError       the user of MongoDB may not do it
        │   ├── CollectionShapeError    a collection is a view, capped or the like
        │   ├── NotUniqueError          stored documents share a key
        │   ├── UpsertError             the server refused documents
        │   ├── InterruptedWriteError   the server interrupted writes for too long
        │   ├── DocumentSizeError       a document is too large
        │   ├── UnrecordedEventError    the event of a run is refused
        │   ├── MissingWeekError        a week was never stored whole
        │   ├── ShrinkingWindowError    the source lacks most of what is stored
        │   ├── OtherAthleteError       rows of a second athlete
        │   │   └── ChangedHandsError   files that are not the stored athlete's
        │   ├── BackupError             a backup cannot be made, read or restored
        │   │   └── UnfinishableRestoreError    its staged collections are gone
        │   ├── MigrationError          a database cannot be migrated
        │   ├── UnknownRunError         no run, or more than one, is meant
        │   ├── UnknownEvaluationError  no evaluation, or more than one, is meant
        │   └── UnreadableRunError      a document of a run is malformed
        ├── NothingStoredError          no past week to evaluate
        ├── SheetError                  a blind sheet cannot be made or read
        ├── NothingToReplayError        a run whose inputs are not stored
        ├── RenderingError              a session cannot be written as it is meant
        ├── DeliveryError               a plan cannot be delivered
        ├── BundleError                 an exported run cannot be written or read
        ├── HandedFileError             a file that was handed in is not what it should be
        ├── ProvenanceError             a provenance record was altered
        ├── CodecError                  a value has no form in the store
        └── SchemaError                 a JSON Schema has no form in MongoDB
    """
