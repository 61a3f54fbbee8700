package pack

import "time"

// Group is a governed group, and how its list of members came about.
type Group struct {
	Key        string  `json:"key"`            // what rows name it by: unique in the pack
	Directory  string  `json:"directory"`      // the directory's id in the configuration
	Kind       string  `json:"directory_kind"` // okta, entra, google, scim, import
	Tenant     string  `json:"tenant"`         // the organisation behind it
	ID         string  `json:"group_id"`       // the group's id in the directory
	Name       string  `json:"name"`
	App        string  `json:"app"`        // the app's id in the catalogue
	Role       string  `json:"role"`       // the role's id there
	Opens      string  `json:"opens"`      // what it opens, in a sentence that a manager understands
	Risk       string  `json:"risk"`       // the tag of the catalogue
	Privileged bool    `json:"privileged"` // whether its rows are privileged
	Owners     []Actor `json:"owners"`     // of the app

	Population Population `json:"population"` // the proof that the list is whole
}

// Population proves that the list of a group's members is whole.
type Population struct {
	Requests []string `json:"requests"` // what was asked of the directory: method and path with its parameters
	Pages    int      `json:"pages"`    // that were read, up to the one that said it is the last
	Rows     int      `json:"rows"`     // that were stored
	// Counted is the directory's own count of the group's members, asked for apart from the list.
	Counted Fact[int] `json:"vendor_count"`
	First   time.Time `json:"first_page"`   // when the first page was answered
	Last    time.Time `json:"last_page"`    // when the last one was
	Version string    `json:"tool_version"` // of Latchkey, when it read
	// Hash is the SHA-256 of the raw rows in the order in which the directory gave them,
	// each followed by a line feed; in hex.
	Hash     string    `json:"raw_sha256"`
	Readings []Reading `json:"re_reads"` // readings before the one that counts, the oldest first
	// Left is how many of the stored rows are not under review, by the exclusions.
	Left int `json:"excluded"`
	// Difference explains why the count and the rows differ; nil where they don't, or where
	// there is no count.
	Difference *Difference `json:"difference,omitempty"`
}

// Reading is one reading of a group that was followed by another one.
type Reading struct {
	First   time.Time `json:"first_page"` // when the first page was answered
	Last    time.Time `json:"last_page"`  // when the last one was
	Pages   int       `json:"pages"`      // that were read
	Rows    int       `json:"rows"`
	Counted Fact[int] `json:"vendor_count"` // the directory's own count then
	Hash    string    `json:"raw_sha256"`   // as Population.Hash
	Why     string    `json:"why"`          // why the group was read again
}

// Difference is why a directory's count is not the number of rows.
type Difference struct {
	Explained string    `json:"explained"`            // what explains it; empty where nothing does
	By        Actor     `json:"accepted_by,omitzero"` // who accepted it; nobody where it is explained
	Words     string    `json:"words,omitempty"`      // what they wrote
	At        time.Time `json:"accepted,omitzero"`    // when they accepted it
}

// Agrees reports whether the directory's own count is the number of rows.
func (p Population) Agrees() bool { return p.Counted.Known() && p.Counted.Value == p.Rows }

// Proven reports whether the list can be relied upon: the counts agree, or somebody
// answers for the difference.
func (p Population) Proven() bool {
	return p.Agrees() || p.Difference != nil && (p.Difference.Explained != "" || p.Difference.By != Actor{})
}
