package pack

// Version is the form of campaign.json and of the signed manifest. What it names is not
// renamed and doesn't change its meaning; what is new may be added.
const Version = "latchkey/campaign/v1"

// The files of a pack.
const (
	ReadmeFile     = "README.txt"
	ReportFile     = "report.html"
	PrintFile      = "report.pdf"
	JSONFile       = "campaign.json"
	SchemaFile     = "campaign.schema.json"
	DecisionsFile  = "decisions.csv"
	PopulationFile = "population.csv"
	RemovalsFile   = "removals.csv"
	EventsFile     = "events.jsonl"
	CheckpointFile = "checkpoint.txt"
	SumsFile       = "SHA256SUMS"    // the sum of each of the others, as sha256sum -c reads them
	ManifestFile   = "manifest.note" // signed: says the sum of SumsFile
)
