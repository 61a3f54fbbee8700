package world

import (
	"time"

	"latchkey/sandbox/feed"
)

// State is what there is in the workspace. It is not safe for concurrent use: a
// World guards it.
type State struct {
	cfg            Settings
	mint           minter
	Enterprise     string // the organisation that the workspace belongs to; "": none
	Users          []*User
	usersBy        map[string]*User // by id
	Channels       []*Channel
	chansBy        map[string]*Channel // by id
	DirectMessages map[string]*Channel // by the person's id
	Groups         []*UserGroup
	logs           map[string]*channelLog // by channel id
	Modals         map[string][]*View     // open modals by user id, top last
	Homes          map[string]*View       // published homes by user id
	views          map[string]*View       // what is open or published, by id
	Files          map[string]*Upload
	triggers       map[string]*Trigger
	feed           feed.Feed
}

func newState(cfg Settings) *State {
	s := &State{
		cfg:            cfg,
		usersBy:        map[string]*User{},
		chansBy:        map[string]*Channel{},
		DirectMessages: map[string]*Channel{},
		logs:           map[string]*channelLog{},
		Modals:         map[string][]*View{},
		Homes:          map[string]*View{},
		views:          map[string]*View{},
		Files:          map[string]*Upload{},
		triggers:       map[string]*Trigger{},
	}
	s.PutUser(User{ID: cfg.BotUserID, Name: "latchkey", RealName: "Latchkey", IsBot: true})
	return s
}

// Now is the workspace's time.
func (s *State) Now() time.Time { return s.cfg.Clock.Now() }

// NextTS mints a timestamp that no message or event has.
func (s *State) NextTS() string { return s.mint.ts(s.Now()) }

// Serial is a number that is used once.
func (s *State) Serial() int64 {
	s.mint.n++
	return s.mint.n
}

// MintID makes an id of Slack's shape with the prefix of its kind.
func (s *State) MintID(prefix string) string { return s.mint.id(prefix) }

// Note tells whoever follows the workspace of a change.
func (s *State) Note(kind, subject string) { s.feed.Add(s.Now(), kind, subject) }
