package messenger

import (
	"context"
	"log/slog"
	"maps"
	"strings"
	"sync"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/webapi"
)

// channels resolves people and channels to channel ids, once each.
type channels struct {
	api  *slack.Client
	list *channelList
	log  *slog.Logger
	it   string

	mu     sync.Mutex
	byUser map[string]string // by Slack user id
	byName map[string]string // ids by the configured name
}

func (p *channels) directMessage(ctx context.Context, user string) (string, error) {
	p.mu.Lock()
	id := p.byUser[user]
	p.mu.Unlock()
	if id != "" {
		return id, nil
	}
	ch, _, _, err := p.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{user}})
	if err != nil {
		return "", webapi.Failure(err, webapi.Call{What: "open a direct message", Scope: "im:write"})
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.byUser[user] = ch.ID
	return ch.ID, nil
}

// wroteTo notes which direct message a person's id stood for.
func (p *channels) wroteTo(user, channel string) {
	if !isUserID(user) {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.byUser[user] = channel
}

func isUserID(s string) bool { return strings.HasPrefix(s, "U") || strings.HasPrefix(s, "W") }

// forget lets a channel be found anew, because it can't be posted to.
func (p *channels) forget(id string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	same := func(_, channel string) bool { return channel == id }
	maps.DeleteFunc(p.byName, same)
	maps.DeleteFunc(p.byUser, same)
}

// itChannel finds the channel that hears of what needs a human.
func (p *channels) itChannel(ctx context.Context) (string, error) {
	if strings.Trim(p.it, "# ") == "" {
		return "", &access.Failure{Class: access.Rejected, Sentence: "No IT channel is configured: set slack.it_channel"}
	}
	return p.channel(ctx, p.it)
}

// channel finds a configured channel and joins it where that is allowed.
func (p *channels) channel(ctx context.Context, name string) (string, error) {
	p.mu.Lock()
	id := p.byName[name]
	p.mu.Unlock()
	if id != "" {
		return id, nil
	}
	ch, err := p.list.named(ctx, name)
	if err != nil {
		return "", err
	}
	if !ch.IsMember {
		p.join(ctx, ch.ID)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.byName[name] = ch.ID
	return ch.ID, nil
}

// join enters a public channel. Where it can't, posting may still be allowed,
// and will say so if not.
func (p *channels) join(ctx context.Context, id string) {
	if _, _, _, err := p.api.JoinConversationContext(ctx, id); err != nil {
		p.log.InfoContext(ctx, "Couldn't join a channel", "channel", id, "error", err)
	}
}
