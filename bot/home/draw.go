package home

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/lists"
	"latchkey/bot/manifest"
	"latchkey/bot/modals"
	"latchkey/workflow/people"
)

// How many rows of each list the Home tab shows at once. A row is two blocks, a
// view holds 100.
const (
	decisionsShown = 8
	holdingsShown  = 10
	requestsShown  = 6
	stuckShown     = 5
)

// The lists on the Home tab; their page buttons stand in blocks of these names.
const (
	blockDecide = "home.decide"
	blockHeld   = "home.held"
	blockAsked  = "home.asked"
	blockStuck  = "home.stuck"
)

// list is one list as it is shown.
type list struct {
	name, title, empty string
	rows               []lists.Row
	from, size, total  int
}

// content is all there is on a Home tab.
type content struct {
	refusal string // instead of everything else, for people who may not act
	pause   string // that new access is paused, escaped
	lists   []list
	known   []lists.Row // the reader's accounts
	notices access.Notices
	it      bool
	week    []string
}

// read finds out what the tab shows.
func (h *Home) read(ctx context.Context, user string, m shownPages) (content, error) {
	p, err := h.people.Who(ctx, user)
	if refusal, ok := access.AsRefusal(err); ok {
		return content{refusal: refusal.Sentence}, nil
	}
	if err != nil {
		return content{}, err
	}
	by := access.Actor{Person: p.ID, Via: access.ViaSlack}
	caller, err := h.people.Caller(ctx, by)
	if err != nil {
		return content{}, err
	}
	v := content{known: h.lists.Accounts(p), it: h.people.May(caller, people.ActOversee, people.Matter{}) == nil}
	pause, err := h.pauses.Paused(ctx)
	if err != nil {
		return content{}, err
	}
	if v.notices, err = h.notices.Notices(ctx, p.ID); err != nil {
		return content{}, err
	}
	if pause.ID != "" {
		v.pause = blocks.Paused(pause.Until, pause.Reason)
	}
	type reader func(ctx context.Context, who access.PersonID, from, size int) ([]lists.Row, int, error)
	var failed []error
	add := func(l list, read reader) {
		rows, total, err := read(ctx, p.ID, l.from, l.size)
		l.rows, l.total = rows, total
		if l.from >= total { // the list became shorter meanwhile
			l.from = max(0, (total-1)/l.size*l.size)
		}
		failed = append(failed, err)
		v.lists = append(v.lists, l)
	}
	add(list{name: blockDecide, title: "Waiting for your decision", from: m.Decide, size: decisionsShown}, h.lists.Decisions)
	add(list{name: blockHeld, title: "Your access", empty: "You have no access through Latchkey yet.", from: m.Held, size: holdingsShown}, h.lists.Held)
	add(list{name: blockAsked, title: "Your requests", empty: "Nothing you asked for is open.", from: m.Asked, size: requestsShown}, h.lists.Asked)
	if v.it {
		add(list{name: blockStuck, title: "Stuck", empty: "Nothing is stuck.", from: m.Stuck, size: stuckShown}, h.lists.Stuck)
		week, err := h.weeks.Week(ctx, by)
		failed = append(failed, err)
		v.week = lists.Week(week)
	}
	return v, errors.Join(failed...)
}

// blocks draws the tab. Lists without rows are left out, but for those that say so.
func (v content) blocks() []slack.Block {
	if v.refusal != "" {
		return []slack.Block{blocks.Section(blocks.Escape(v.refusal, blocks.MaxSection))}
	}
	body := []slack.Block{slack.NewActionBlock("home.start",
		blocks.Button(modals.ActionRequest, "-", manifest.RequestTitle, slack.StylePrimary), blocks.Button(modals.ActionBrowse, "-", "Browse apps", ""), blocks.Button(modals.ActionUnlisted, "-", "It isn't listed", ""))}
	if v.pause != "" {
		body = append([]slack.Block{blocks.Section(v.pause)}, body...)
	}
	for _, l := range v.lists {
		body = append(body, l.blocks()...)
	}
	if len(v.known) > 0 {
		body = append(body, slack.NewHeaderBlock(blocks.Plain("Known as your accounts", blocks.MaxHeader)))
	}
	for _, r := range v.known {
		body = append(body, r.Blocks()...)
	}
	body = append(body, noticesBlocks(v.notices)...)
	if v.it {
		body = append(body, slack.NewHeaderBlock(blocks.Plain("The last seven days", blocks.MaxHeader)), blocks.Section(strings.Join(v.week, "\n")))
	}
	return blocks.Distinct(body)
}

func (l list) blocks() []slack.Block {
	if l.total == 0 && l.empty == "" {
		return nil
	}
	title := l.title
	if l.total > 0 {
		title += " (" + strconv.Itoa(l.total) + ")"
	}
	body := []slack.Block{slack.NewHeaderBlock(blocks.Plain(title, blocks.MaxHeader))}
	if l.total == 0 {
		return append(body, blocks.SmallPrint(l.empty))
	}
	for _, r := range l.rows {
		body = append(body, r.Blocks()...)
	}
	turns := blocks.PageButtons(l.from, l.size, l.total)
	if len(turns) > 0 {
		turns[0].(*slack.ActionBlock).BlockID = l.name
	}
	return append(body, turns...)
}
