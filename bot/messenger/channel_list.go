package messenger

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/webapi"
)

const (
	// channelPage is how many channels are asked for at once, the most that Slack gives. It lets the list be read
	// twenty times a minute (docs.slack.dev/reference/methods/conversations.list).
	channelPage = 999
	// idlePages is how many pages in a row may bring nothing new: Slack filters after it has cut a page.
	idlePages = 20
)

// channelList reads the workspace's channels until the wanted one is found. Where
// Slack asks to wait, the next attempt goes on from there: one that began anew each
// time would never see the end of a large workspace.
type channelList struct {
	api *slack.Client

	mu      sync.Mutex
	pass    int                      // how often the list was begun
	cursor  string                   // of the next page; empty before the first and after the last
	cursors map[string]bool          // of this pass
	idle    int                      // pages in a row that brought nothing new
	read    map[string]slack.Channel // by name, in this pass; what was looked up is taken out
	wanted  map[string]int           // names that are looked for: in which pass they must be found
}

// find finds a channel by its name.
func (l *channelList) find(ctx context.Context, name string) (slack.Channel, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ch, found := l.take(name); found {
		return ch, nil
	}
	if l.cursor == "" {
		l.begin()
	}
	if l.wanted[name] == 0 {
		l.wanted[name] = l.pass
		if l.cursor != "" { // what was read before may not have had it yet
			l.wanted[name]++
		}
	}
	for {
		more, err := l.next(ctx)
		if err != nil {
			return slack.Channel{}, err
		}
		if ch, found := l.take(name); found {
			return ch, nil
		}
		if more {
			continue
		}
		if l.pass >= l.wanted[name] {
			delete(l.wanted, name)
			return slack.Channel{}, &access.Failure{Class: access.Rejected, Sentence: "There is no channel #" + name + " for me. If it is private, invite me with /invite; if it has another name by now, write that, or its id, into the configuration; else create it"}
		}
		l.begin()
	}
}

func (l *channelList) take(name string) (slack.Channel, bool) {
	ch, found := l.read[name]
	if found {
		delete(l.read, name)
		delete(l.wanted, name)
	}
	return ch, found
}

func (l *channelList) begin() {
	l.pass++
	l.cursor, l.cursors, l.idle, l.read = "", map[string]bool{}, 0, map[string]slack.Channel{}
	if l.wanted == nil {
		l.wanted = map[string]int{}
	}
}

// next reads one more page, and tells whether there are others.
func (l *channelList) next(ctx context.Context) (more bool, err error) {
	asked := slack.GetConversationsParameters{Limit: channelPage, Cursor: l.cursor, Types: []string{"public_channel", "private_channel"}}
	page, cursor, err := l.api.GetConversationsContext(ctx, &asked)
	if webapi.Code(err) == "invalid_cursor" { // it was kept for too long
		l.begin()
		return true, nil
	}
	if err != nil {
		return false, webapi.Failure(err, webapi.Call{What: "look for a channel", Scope: "channels:read"})
	}
	l.idle++
	for _, ch := range page {
		if _, known := l.read[ch.Name]; !known {
			l.read[ch.Name], l.idle = ch, 0
		}
	}
	if cursor != "" && (l.cursors[cursor] || l.idle > idlePages) {
		n := len(l.read)
		l.begin()
		return false, &access.Failure{Class: access.Transient, Sentence: fmt.Sprintf(
			"Slack's list of channels goes round in circles after %d of them, so I can't look for one by its name. Write the channel's id into the configuration instead", n)}
	}
	l.cursor, l.cursors[cursor] = cursor, true
	return cursor != "", nil
}

// Channels finds channels, and reads Slack's list of them once.
type Channels struct{ list channelList }

// NewChannels makes a finder of channels; it makes no call yet.
func NewChannels(api *slack.Client) *Channels { return &Channels{list: channelList{api: api}} }

// Find finds a channel by its id, or by its name with or without #.
func (c *Channels) Find(ctx context.Context, wanted string) (slack.Channel, error) {
	return c.list.named(ctx, wanted)
}

func (l *channelList) named(ctx context.Context, wanted string) (slack.Channel, error) {
	name := strings.TrimPrefix(strings.TrimSpace(wanted), "#")
	if isChannelID(name) {
		var ch slack.Channel
		ch.ID = name
		return ch, nil
	}
	ch, err := l.find(ctx, strings.ToLower(name))
	if err != nil {
		return ch, err
	}
	return ch, usable(ch)
}

// usable says that a channel is archived. No other one can have its name until it is
// renamed.
func usable(ch slack.Channel) error {
	if !ch.IsArchived {
		return nil
	}
	return &access.Failure{Class: access.Rejected, Sentence: "The channel #" + ch.Name + " is archived. Open it again, or name another one in the configuration"}
}

// isChannelID tells an id from a name: names have no capital letters.
func isChannelID(s string) bool {
	return len(s) >= 9 && strings.ContainsAny(s[:1], "CG") && strings.ToUpper(s) == s
}
