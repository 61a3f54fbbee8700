package modals

import (
	"encoding/json"
	"strconv"
	"time"

	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/catalog"
)

// Names of what comes back from Slack. They stand in open views, which outlive a
// release, so they are never changed.
const (
	callbackRequest = "request"

	actionApp    = "app"
	actionRole   = "role"
	actionPerson = "person"
	actionMore   = "more"
	actionLess   = "less"
	actionOther  = "other"
	actionLater  = "later"
	actionStarts = "starts"

	blockPerson = "person"
	blockStarts = "starts"
)

// maxCart is how many things besides the one being chosen a form holds.
const maxCart = 9

// form is the state of the request form. Its view is drawn from nothing else.
type form struct {
	App, Role    string        // ids; empty: not chosen. A bundle's App is its id behind bundlePrefix
	Cart         []cartEntry   // chosen before
	Turn         int           // how often the choice of an app was begun anew
	Picks        int           // how often a role was chosen in the menu of apps
	Picked       bool          // that was just done: the form is not drawn by it yet
	Leads        bool          // its button leads on to what isn't on it yet
	Explained    bool          // a reason can be typed into it already, and stays
	Other        bool          // asks for somebody else
	Later        bool          // begins at a moment to come
	Conversation string        // link to the conversation it came up in
	Most         time.Duration // of the role that is chosen: the policy's bound; 0: it has none of its own

	// What is filled in when the form opens; from then on Slack keeps what stands there.
	Wanted time.Duration // 0: not chosen
	Reason string
	Whom   string // Slack id of the person it is for, besides Other

	Judged     *catalog.Judgement // of the role that is chosen: what the policy says, where it says anything
	Paused     string             // that new access is paused, escaped
	Usual      string             // how long the role usually takes, a sentence
	Hint       string             // a sentence at the top, plain
	Objections map[string]string  // by app/role: why asking for it would be refused, plain
	Person     string             // what stands against the person asked for, plain
}

// cartEntry is one thing that was chosen.
type cartEntry struct {
	App    string        `json:"a"`
	Role   string        `json:"r,omitempty"`
	Wanted time.Duration `json:"d,omitempty"`
}

// blockApp is the id of the block with the app. Blocks keep their id as long as what
// was put into them stays valid, and get another one when their choices change: Slack
// keeps input by block and action.
func (f form) blockApp() string {
	if f.Turn == 0 {
		return "app"
	}
	return "app." + strconv.Itoa(f.Turn)
}

// blockRole is the id of the block with the roles of the app.
func (f form) blockRole() string {
	if f.Picks == 0 {
		return "role." + f.App
	}
	return "role." + f.App + "." + strconv.Itoa(f.Picks)
}

func blockDuration(app, role string) string { return "duration." + app + "." + role }

// blockTime is blockDuration, by another id where the policy bounds the choices.
func (f form) blockTime() string {
	if f.Most == 0 {
		return blockDuration(f.App, f.Role)
	}
	return blockDuration(f.App, f.Role) + "." + catalog.ShortDuration(f.Most)
}

// formMetadata is what a form carries from view to view.
type formMetadata struct {
	Cart         []cartEntry   `json:"p,omitempty"`
	Turn         int           `json:"t,omitempty"`
	Picks        int           `json:"k,omitempty"`
	Leads        bool          `json:"n,omitempty"`
	Explained    bool          `json:"x,omitempty"`
	Other        bool          `json:"o,omitempty"`
	Later        bool          `json:"s,omitempty"`
	Conversation string        `json:"l,omitempty"`
	Most         time.Duration `json:"m,omitempty"`
}

func (f form) metadata() string {
	return blocks.Metadata(formMetadata{f.Cart, f.Turn, f.Picks, f.Leads, f.Explained, f.Other, f.Later, f.Conversation, f.Most})
}

// unfinished reports whether the form's button leads on to what isn't on it yet: the roles of an app, for how long and why.
// What comes then goes with the ack of the button, so it is there at once, however slow Slack is, and costs no call.
// What changes something that is shown is drawn anew without being asked.
func (f form) unfinished(c *catalog.Catalog) bool {
	if len(f.Cart) > 0 {
		return false
	}
	_, bundled := bundleOf(c, f.App)
	_, _, chosen := c.Role(f.App, f.Role)
	return !bundled && !chosen
}

// formOf reads what is chosen in a submitted or clicked form. A role counts
// only as a role of the chosen app.
func formOf(c *catalog.Catalog, v payload.View) form {
	var m formMetadata
	if json.Unmarshal([]byte(v.Metadata), &m) != nil {
		m = formMetadata{}
	}
	f := form{Cart: m.Cart[:min(len(m.Cart), maxCart)], Turn: m.Turn, Picks: m.Picks, Leads: m.Leads, Other: m.Other, Later: m.Later, Conversation: m.Conversation, Most: m.Most}
	f.Explained = m.Explained || v.State.Values[blockReason] != nil
	f.App, f.Role = chosenApp(c, v.State.Values, f.blockApp())
	if f.Picked = f.Role != ""; !f.Picked {
		f.Role = v.State.Values.Choice(f.blockRole(), actionRole)
	}
	app, _ := c.App(f.App)
	if _, known := app.Role(f.Role); !known {
		f.Role = onlyRole(app)
	}
	if wanted, err := wantedOf(f, v.State.Values); err == nil {
		f.Wanted = wanted
	}
	return f
}

// chosenApp reads what was chosen in the menu of apps: an app or a bundle, or a role of an app.
func chosenApp(c *catalog.Catalog, v payload.Values, block string) (app, role string) {
	chosen := v.Choice(block, actionApp)
	ref, err := catalog.ParseRoleRef(chosen)
	if err != nil {
		return chosen, ""
	}
	if _, _, known := c.Role(ref.App, ref.Role); !known {
		return ref.App, ""
	}
	return ref.App, ref.Role
}

// settled is the form as it is drawn next: a role that was chosen in the menu of apps is split among the two
// menus, which are drawn anew, so that nothing stays of what was chosen in them before.
func (f form) settled() form {
	if f.Picked {
		f.Picked, f.Turn, f.Picks = false, f.Turn+1, f.Picks+1
	}
	return f
}
