package slack

import "time"

// world is the state of the workspace. It takes no locks and does no I/O; the
// Server guards it.
type world struct {
	cfg      Config
	mint     minter
	users    []*User
	usersBy  map[string]*User // by id
	channels []*Channel
	chansBy  map[string]*Channel // by id
	dms      map[string]*Channel // by the person's id
	groups   []*UserGroup
	logs     map[string]*channelLog // by channel id
	stacks   map[string][]*View     // open modals by user id, top last
	homes    map[string]*View       // published homes by user id
	views    map[string]*View       // what is open or published, by id
	files    map[string]*file
}

func newWorld(cfg Config) *world {
	w := &world{
		cfg:     cfg,
		usersBy: map[string]*User{},
		chansBy: map[string]*Channel{},
		dms:     map[string]*Channel{},
		logs:    map[string]*channelLog{},
		stacks:  map[string][]*View{},
		homes:   map[string]*View{},
		views:   map[string]*View{},
		files:   map[string]*file{},
	}
	w.putUser(User{ID: cfg.BotUserID, Name: "latchkey", RealName: "Latchkey", IsBot: true})
	return w
}

func (w *world) now() time.Time { return w.cfg.Clock.Now() }

func (w *world) ts() string { return w.mint.ts(w.now()) }
