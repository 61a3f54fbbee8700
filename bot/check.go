package bot

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"latchkey/access"
	"latchkey/bot/blocks"
	"latchkey/bot/manifest"
	"latchkey/bot/messenger"
	"latchkey/bot/webapi"
)

// Finding is one answer of Check.
type Finding struct {
	Check  string // what was looked at
	OK     bool
	Note   bool   // it works, but somebody should know
	Detail string // what was seen; if not OK, the cause and the remedy
	Lacks  bool   // it is the lack of a scope, which the finding about scopes has told already
}

// Wanted is what a configuration names in Slack.
type Wanted struct {
	ITChannel, ITGroup string              // "": none is looked at
	Channels           map[string][]string // further channels, by what names them, as in "Figma"
}

// SignIn is what the check is called that everything else depends on.
const SignIn = "bot token"

// Check proves what the bot needs of Slack: the token, each scope of the
// manifest, the channels, and the user group that is called in the IT channel, if one is. It posts
// nothing. One lack of a scope is told once.
func Check(ctx context.Context, api *slack.Client, wanted Wanted) []Finding {
	me, err := api.AuthTestContext(ctx)
	if err != nil {
		return []Finding{found(SignIn, "", webapi.Failure(err, webapi.Call{What: "sign in to Slack"}))}
	}
	scopes := me.Header.Get("X-OAuth-Scopes")
	out := append([]Finding{found(SignIn, "signed in as "+me.User+" in "+me.Team, nil)}, scopesGranted(scopes)...)
	channels := messenger.NewChannels(api)
	var rest []Finding
	if wanted.ITChannel != "" {
		detail, err := channelSeen(ctx, api, channels, wanted.ITChannel)
		rest = append(rest, found("IT channel", detail, err))
	}
	for _, name := range slices.Sorted(maps.Keys(wanted.Channels)) {
		detail, err := channelSeen(ctx, api, channels, name)
		f := found("channel "+name, detail, err)
		if err != nil {
			f.Detail += ". It is named by " + strings.Join(wanted.Channels[name], ", ")
		}
		rest = append(rest, f)
	}
	if wanted.ITGroup != "" {
		rest = append(rest, groupSeen(ctx, api, wanted.ITGroup))
	}
	return append(out, slices.DeleteFunc(rest, func(f Finding) bool { return f.Lacks && strings.TrimSpace(scopes) != "" })...)
}

// groupSeen looks at the user group that is called.
func groupSeen(ctx context.Context, api *slack.Client, wanted string) Finding {
	g, err := messenger.FindUserGroup(ctx, api, wanted)
	f := found("IT user group", "@"+g.Handle+" is there, with "+blocks.Count(g.UserCount, "member"), err)
	if err == nil && g.UserCount == 0 {
		f.Note, f.Detail = true, "@"+g.Handle+" is there, and nobody is in it, so nobody is called: put those who are on call into it, or take slack.it_group out"
	}
	return f
}

// channelSeen looks at a channel, also where the configuration gives its id.
func channelSeen(ctx context.Context, api *slack.Client, channels *messenger.Channels, wanted string) (string, error) {
	ch, err := channels.Find(ctx, wanted)
	if err != nil {
		return "", err
	}
	detail := wanted + " is there"
	if ch.Name == "" { // by its id: nobody has looked yet
		seen, err := api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: ch.ID})
		if err != nil {
			return "", webapi.Failure(err, webapi.Call{What: "look at the channel " + wanted, Scope: "channels:read"})
		}
		if seen.IsArchived {
			return "", &access.Failure{Class: access.Rejected, Sentence: "The channel " + wanted + " is archived. Open it again, or name another one in the configuration"}
		}
		ch = *seen
		detail = "#" + ch.Name + " is there"
	}
	if !ch.IsMember && ch.IsPrivate {
		return "", &access.Failure{Class: access.Rejected, Sentence: "The channel " + wanted + " is private, and I am not in it. Invite me with /invite"}
	}
	if !ch.IsMember {
		detail += "; the bot joins it when it first writes there"
	}
	return detail, nil
}

func found(check, detail string, err error) Finding {
	if err != nil {
		return Finding{Check: check, Detail: access.Classify(err).Sentence, Lacks: webapi.Code(err) == "missing_scope"}
	}
	return Finding{Check: check, OK: true, Detail: detail}
}

// scopesGranted compares what the token may do with the manifest.
func scopesGranted(header string) []Finding {
	if strings.TrimSpace(header) == "" { // a proxy may drop it: that is no word about the scopes
		return []Finding{{Check: "scopes", OK: true, Note: true, Detail: "which of them the token has is unknown: Slack's answer doesn't name them, so they could not be compared with the manifest. Look whether a proxy drops the header X-OAuth-Scopes"}}
	}
	var granted []string
	for s := range strings.SplitSeq(header, ",") {
		granted = append(granted, strings.TrimSpace(s))
	}
	missing := slices.DeleteFunc(manifest.Scopes(), func(s string) bool { return slices.Contains(granted, s) })
	out := []Finding{{Check: "scopes", OK: true, Detail: "all of the manifest are granted"}}
	if len(missing) > 0 {
		out[0] = Finding{Check: "scopes", Detail: "the token lacks " + strings.Join(missing, ", ") +
			": paste the output of latchkey manifest into the app's manifest and reinstall the app"}
	}
	beyond := slices.DeleteFunc(granted, func(s string) bool { return slices.Contains(manifest.Scopes(), s) })
	if len(beyond) > 0 {
		out = append(out, Finding{Check: "scopes beyond need", OK: true, Note: true, Detail: "Latchkey has no use for " + strings.Join(beyond, ", ") +
			", and whoever gets hold of the token has it: paste the output of latchkey manifest into the app's manifest and reinstall the app"})
	}
	return out
}
