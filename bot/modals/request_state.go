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

	blockPerson = "person"
)

// maxCart is how many things besides the one being chosen a form holds.
const maxCart = 9

// form is the state of the request form. Its view is drawn from nothing else.
type form struct {
	App, Role    string        // ids; empty: not chosen. A bundle's App is its id behind bundlePrefix
	Cart         []cartEntry   // chosen before
	Turn         int           // how often the choice of an app was begun anew
	Other        bool          // asks for somebody else
	Conversation string        // link to the conversation it came up in
	Most         time.Duration // of the role that is chosen: the policy's bound; 0: it has none of its own

	// What is filled in when the form opens; from then on Slack keeps what stands there.
	Wanted time.Duration
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

func blockRole(app string) string           { return "role." + app }
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
	Other        bool          `json:"o,omitempty"`
	Conversation string        `json:"l,omitempty"`
	Most         time.Duration `json:"m,omitempty"`
}

func (f form) metadata() string {
	return blocks.Metadata(formMetadata{f.Cart, f.Turn, f.Other, f.Conversation, f.Most})
}

// formOf reads what is chosen in a submitted or clicked form. A role counts
// only as a role of the chosen app.
func formOf(c *catalog.Catalog, v payload.View) form {
	var m formMetadata
	if json.Unmarshal([]byte(v.Metadata), &m) != nil {
		m = formMetadata{}
	}
	f := form{Cart: m.Cart[:min(len(m.Cart), maxCart)], Turn: m.Turn, Other: m.Other, Conversation: m.Conversation, Most: m.Most}
	f.App = v.State.Values.Choice(f.blockApp(), actionApp)
	f.Role = v.State.Values.Choice(blockRole(f.App), actionRole)
	app, _ := c.App(f.App)
	if _, known := app.Role(f.Role); !known {
		f.Role = onlyRole(app)
	}
	return f
}
