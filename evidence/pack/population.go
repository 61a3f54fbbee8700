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
	// Proof is by what it is proven, or why it isn't, in a word, as in "count", "rereading" or "count_differs".
	Proof  string `json:"proof"`
	Words  string `json:"proof_words"` // the same in a sentence
	Proven bool   `json:"proven"`      // that nobody is missing, as far as the directory lets that be known
	Rows   int    `json:"rows"`        // members that were stored
	Left   int    `json:"excluded"`    // of them, those that are not under review, by the exclusions

	Reading            // the reading that counts
	Version  string    `json:"tool_version"` // of Latchkey, when it read
	Readings []Reading `json:"re_reads"`     // readings before the one that counts, the oldest first
	// Difference explains why it isn't proven, or why the count and the rows differ; nil where there is nothing to explain.
	Difference *Difference `json:"difference,omitempty"`
}

// Reading is one reading of a group, from the first page to the end of the last.
type Reading struct {
	Requests []string `json:"requests"`        // what was asked of the directory: method and path with its parameters; of groups inside it, too
	Pages    int      `json:"pages"`           // that were read, up to the one that said it is the last
	Received int      `json:"received"`        // rows in these pages, whatever they stand for
	Apart    string   `json:"apart,omitempty"` // which of those stand for no member of their own, such as devices, and how many
	// ByPosition says that the directory cuts its pages by position: then a count proves nothing, and two readings in a row have
	// to find the same members.
	ByPosition bool `json:"pages_by_position"`
	// Moved says that somebody joined or left while the pages were read, by what the directory says or counts itself: then, too,
	// two readings in a row have to find the same members.
	Moved bool `json:"moved_meanwhile"`
	// Counted is the directory's own count of the group's members, asked for apart from the list.
	Counted   Fact[int] `json:"vendor_count"`
	CountedBy string    `json:"vendor_count_request,omitempty"` // what was asked for it
	First     time.Time `json:"first_page"`                     // when the first page was received
	Last      time.Time `json:"last_page"`                      // when the last one was
	// Hash is the SHA-256 of all rows as they were received, each followed by a line feed; in hex.
	Hash string `json:"raw_sha256"`
	// Accounts is the SHA-256 of the ids of the accounts, sorted, each followed by a line feed; in hex.
	Accounts string `json:"accounts_sha256"`
	Why      string `json:"read_again_because,omitempty"` // of a reading that was followed by another one
}

// Difference is why a list counts that isn't proven by a count.
type Difference struct {
	Explained string    `json:"explained"`            // what explains it; empty where nothing does
	By        Actor     `json:"accepted_by,omitzero"` // who accepted it; nobody where it is explained
	Words     string    `json:"words,omitempty"`      // what they wrote
	At        time.Time `json:"accepted,omitzero"`    // when they accepted it
}

// Agrees reports whether the directory's own count is the number of rows.
func (p Population) Agrees() bool { return p.Counted.Known() && p.Counted.Value == p.Rows }

// Stands reports whether the list can be relied upon: somebody answers for it by name, or it is
// proven and not contradicted by a count that nothing explains.
func (p Population) Stands() bool {
	differs := p.Counted.Known() && !p.Agrees() && p.Apart == ""
	return p.Explanation().By != Actor{} || p.Proven && (!differs || p.Explanation().Explained != "")
}

// Explanation is the explanation, empty where there is none.
func (p Population) Explanation() Difference {
	if p.Difference == nil {
		return Difference{}
	}
	return *p.Difference
}

// AcceptedBy names who accepted a difference; empty for nobody.
func (p Population) AcceptedBy() string {
	if by := p.Explanation().By; by != (Actor{}) {
		return by.Title()
	}
	return ""
}
