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
	api *slack.Client
	log *slog.Logger
	it  string

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
	ch, err := FindChannel(ctx, p.api, name)
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

// FindChannel finds a channel by its id, or by its name with or without #.
func FindChannel(ctx context.Context, api *slack.Client, wanted string) (slack.Channel, error) {
	name := strings.TrimPrefix(strings.TrimSpace(wanted), "#")
	if isChannelID(name) {
		var ch slack.Channel
		ch.ID = name
		return ch, nil
	}
	asked := slack.GetConversationsParameters{Limit: 200, Types: []string{"public_channel", "private_channel"}}
	for {
		list, next, err := api.GetConversationsContext(ctx, &asked)
		if err != nil {
			return slack.Channel{}, webapi.Failure(err, webapi.Call{What: "look for the channel " + wanted, Scope: "channels:read"})
		}
		for _, ch := range list {
			if ch.Name == strings.ToLower(name) {
				return ch, usable(ch, wanted)
			}
		}
		if asked.Cursor = next; next == "" {
			return slack.Channel{}, &access.Failure{Class: access.Rejected, Sentence: "There is no channel " + wanted + " for me. If it is private, invite me with /invite; if it has another name by now, write that, or its id, into the configuration; else create it"}
		}
	}
}

// usable says that a channel is archived. No other one can have its name until it is
// renamed.
func usable(ch slack.Channel, wanted string) error {
	if !ch.IsArchived {
		return nil
	}
	return &access.Failure{Class: access.Rejected, Sentence: "The channel " + wanted + " is archived. Open it again, or name another one in the configuration"}
}

// isChannelID tells an id from a name: names have no capital letters.
func isChannelID(s string) bool {
	return len(s) >= 9 && strings.ContainsAny(s[:1], "CG") && strings.ToUpper(s) == s
}
