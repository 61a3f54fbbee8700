package harness

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"latchkey/sandbox"
	"latchkey/sandbox/slack"
)

// slackAdmin changes the workspace as its administrators do; done tells whether
// the line was one of theirs.
func (h *Harness) slackAdmin(args []string) (saw string, done bool, err error) {
	words := map[string]func(string, map[string]string) (string, error){
		"invite": h.invite, "profile": h.profile, "purge": h.purge, "archive": h.archive, "unarchive": h.unarchive,
		"rename": h.renameChannel, "token": h.slackToken, "private": h.closeChannel, "expel": h.expel, "delete": h.deleteChannel, "organisation": h.joinOrganisation,
		"waits": h.slackWaits, "usergroup": h.userGroup,
	}
	act, ok := words[args[0]]
	if !ok {
		return "", false, nil
	}
	if len(args) < 2 {
		return "", true, fmt.Errorf("slack: %s whom or what?", args[0])
	}
	given := options(args[2:])
	if err := onlyKnown(given, "name", "email", "to", "members", "disabled"); err != nil {
		return "", true, fmt.Errorf("slack %s: %w", args[0], err)
	}
	saw, err = act(args[1], given)
	return saw, true, err
}

// slackWaits sets how long Slack waits for Latchkey: slack waits 3s, as it does in life.
func (h *Harness) slackWaits(how string, _ map[string]string) (string, error) {
	d, err := time.ParseDuration(how)
	if err != nil {
		return "", fmt.Errorf("slack waits: %w", err)
	}
	h.World.Slack.Waits(d)
	return "Slack waits for " + how, nil
}

// userGroup makes a user group, says who is in it, or switches it off:
//
//	slack usergroup platform members=omar,priya disabled=yes
//
// Its id is S0 and the handle in capitals.
func (h *Harness) userGroup(handle string, given map[string]string) (string, error) {
	g := slack.UserGroup{ID: "S0" + strings.ToUpper(handle), Handle: handle, Name: handle, Disabled: given["disabled"] == "yes"}
	for name := range strings.SplitSeq(given["members"], ",") {
		if name == "" {
			continue
		}
		u, err := h.member(name)
		if err != nil {
			return "", err
		}
		g.Users = append(g.Users, u.ID)
	}
	h.World.Slack.AddUserGroup(g)
	return fmt.Sprintf("@%s has %d members", handle, len(g.Users)), nil
}

func (h *Harness) invite(handle string, given map[string]string) (string, error) {
	if _, err := h.member(handle); err == nil {
		return "", fmt.Errorf("slack: %s is in the workspace already", handle)
	}
	u := h.World.Slack.AddUser(slack.User{Name: handle, RealName: given["name"], Email: cmp.Or(given["email"], sandbox.Email(handle))})
	return u.RealName + " joined", nil
}

func (h *Harness) profile(handle string, given map[string]string) (string, error) {
	u, err := h.member(handle)
	if err != nil {
		return "", err
	}
	u.RealName, u.Email = cmp.Or(given["name"], u.RealName), cmp.Or(given["email"], u.Email)
	h.World.Slack.AddUser(u)
	return handle + " is now " + u.RealName + ", " + u.Email, nil
}

// joinOrganisation makes the workspace one of an organisation, by that one's id.
func (h *Harness) joinOrganisation(id string, _ map[string]string) (string, error) {
	h.World.Slack.JoinOrganisation(id)
	return "the workspace is part of " + id + "; its members have other ids", nil
}

func (h *Harness) purge(name string, _ map[string]string) (string, error) {
	where, err := h.conversationOf(name)
	if err != nil {
		return "", err
	}
	return "deleted what was said", h.World.Slack.Purge(where)
}

func (h *Harness) archive(name string, _ map[string]string) (string, error) {
	id, err := h.channelID(name)
	if err != nil {
		return "", err
	}
	return name + " is archived", h.World.Slack.Archive(id, true)
}

func (h *Harness) unarchive(name string, _ map[string]string) (string, error) {
	id, err := h.channelID(name)
	if err != nil {
		return "", err
	}
	return name + " is open again", h.World.Slack.Archive(id, false)
}

// slackToken replaces the bot's or the app's token; the old one ends:
//
//	slack token bot name=another
func (h *Harness) slackToken(which string, given map[string]string) (string, error) {
	switch which {
	case "bot":
		h.World.Slack.RotateTokens(given["name"], "")
	case "app":
		h.World.Slack.RotateTokens("", given["name"])
	default:
		return "", fmt.Errorf("slack token: %q is neither bot nor app", which)
	}
	return "the " + which + " has another token", nil
}

func (h *Harness) change(name, saw string, change func(*slack.Channel)) (string, error) {
	id, err := h.channelID(name)
	if err != nil {
		return "", err
	}
	return saw, h.World.Slack.Change(id, change)
}

func (h *Harness) renameChannel(name string, given map[string]string) (string, error) {
	return h.change(name, name+" is now "+given["to"], func(c *slack.Channel) { c.Name = given["to"] })
}

func (h *Harness) closeChannel(name string, _ map[string]string) (string, error) {
	return h.change(name, name+" is private", func(c *slack.Channel) { c.Private = true })
}

func (h *Harness) deleteChannel(name string, _ map[string]string) (string, error) {
	return h.change(name, name+" is deleted", func(c *slack.Channel) { c.Name = "" })
}

// expel takes the app out of a channel.
func (h *Harness) expel(name string, _ map[string]string) (string, error) {
	bot := h.World.Slack.Config().BotUserID
	return h.change(name, "Latchkey is no longer in "+name, func(c *slack.Channel) {
		c.Members = slices.DeleteFunc(slices.Clone(c.Members), func(id string) bool { return id == bot })
	})
}

// onlyKnown refuses words that nobody reads, so that a slip of the pen shows.
func onlyKnown(given map[string]string, known ...string) error {
	for k := range given {
		if !slices.Contains(known, k) {
			return fmt.Errorf("%q is not understood: write one of %v", k, known)
		}
	}
	return nil
}
