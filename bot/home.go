package bot

import (
	"context"
	"encoding/json"
	"strconv"
	"sync"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/payload"
	"latchkey/bot/webapi"
)

// homeMemo is what a Home tab carries: which pages it shows, and what tells it
// from others, so that the same isn't published twice, not even after a restart.
type homeMemo struct {
	Held   int    `json:"h,omitempty"`
	Asked  int    `json:"a,omitempty"`
	Decide int    `json:"d,omitempty"`
	Stuck  int    `json:"s,omitempty"`
	Digest string `json:"x,omitempty"`
}

func homeOf(v payload.View) homeMemo {
	var m homeMemo
	if json.Unmarshal([]byte(v.Metadata), &m) != nil {
		return homeMemo{}
	}
	return m
}

// homes remembers whose Home tab was opened while the bot ran, and what is on it.
// Only those are kept up to date; everybody else gets theirs when they open it.
type homes struct {
	mu   sync.Mutex
	open map[string]*homeState // by Slack id
}

type homeState struct {
	memo  homeMemo
	it    bool // shows what IT looks after
	busy  bool // is being published
	dirty bool // something changed meanwhile
}

// note takes in that somebody opened their Home tab, or turned a page of it.
func (h *homes) note(user string, m homeMemo) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.open == nil || len(h.open) >= remembered {
		h.open = map[string]*homeState{}
	}
	s, ok := h.open[user]
	if !ok {
		s = &homeState{}
		h.open[user] = s
	}
	s.memo = m
}

// begin reports whether the caller is to publish; while somebody else does, they
// will do it once more.
func (h *homes) begin(user string) (homeMemo, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, ok := h.open[user]
	if !ok {
		return homeMemo{}, false
	}
	if s.busy {
		s.dirty = true
		return homeMemo{}, false
	}
	s.busy = true
	return s.memo, true
}

// done ends a publication and reports whether another one is needed.
func (h *homes) done(user, digest string, it bool) (again bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, ok := h.open[user]
	if !ok {
		return false
	}
	again, s.busy, s.dirty, s.it = s.dirty, false, false, it
	if digest != "" {
		s.memo.Digest = digest
	}
	return again
}

// staff are those whose Home tab shows what IT looks after.
func (h *homes) staff() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for user, s := range h.open {
		if s.it {
			out = append(out, user)
		}
	}
	return out
}

// opened publishes the Home tab of somebody who looks at it.
func (b *Bot) opened(user string, shown payload.View) {
	b.homes.note(user, homeOf(shown))
	b.refresh(user)
}

// turnHome shows another page of a list on the Home tab.
func (b *Bot) turnHome(in payload.Interaction, a payload.Action) {
	m := homeOf(in.View)
	page := number(a.Value, 0)
	switch a.Block {
	case homeHeld:
		m.Held = page
	case homeAsked:
		m.Asked = page
	case homeDecide:
		m.Decide = page
	case homeStuck:
		m.Stuck = page
	}
	b.homes.note(in.User.ID, m)
	b.refresh(in.User.ID)
}

// Concern tells the bot that something about a person changed: their Home tab is
// brought up to date if they have opened it. Nobody in particular stands for
// IT.
func (b *Bot) Concern(p access.Person) {
	if p.ID == "" {
		for _, user := range b.homes.staff() {
			b.refresh(user)
		}
		return
	}
	if id := p.Account("slack"); id != "" {
		b.refresh(id)
	}
}

// refresh publishes a Home tab unless it would say the same again.
func (b *Bot) refresh(user string) {
	m, mine := b.homes.begin(user)
	if !mine {
		return
	}
	b.later("publish the Home tab", func(ctx context.Context) error {
		digest, it, err := b.publish(ctx, user, m)
		if b.homes.done(user, digest, it) {
			b.refresh(user)
		}
		return err
	})
}

func (b *Bot) publish(ctx context.Context, user string, m homeMemo) (digest string, it bool, err error) {
	d, err := b.homeData(ctx, user, m)
	if err != nil {
		return "", false, err
	}
	body := d.blocks()
	if digest, err = (blocks.Message{Blocks: body}).Digest(); err != nil || digest == m.Digest {
		return digest, d.it, err
	}
	m.Digest = digest
	v := slack.HomeTabViewRequest{Type: slack.VTHomeTab, CallbackID: callbackHome, PrivateMetadata: blocks.Metadata(m), Blocks: slack.Blocks{BlockSet: body}}
	_, err = b.cfg.API.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: user, View: v})
	if err = webapi.ViewShown(err); err != nil {
		return "", d.it, err
	}
	return digest, d.it, nil
}

func number(s string, otherwise int) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return otherwise
	}
	return n
}
