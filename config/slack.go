package config

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"latchkey/config/value"
)

// Slack is how Latchkey meets people.
type Slack struct {
	AppToken  value.Secret // xapp-…, opens Socket Mode
	BotToken  value.Secret // xoxb-…, calls the Web API
	APIURL    string       // ends in a slash
	ITGroup   string       // the user group that is called there to act, by its handle or id; "": nobody is
	ITChannel string       // hears of what needs a human
	Command   string       // the slash command, with its slash
	Was       string       // the workspace that this one may replace, by its id
	Away      []string     // emoji of a status that says that somebody is on leave
	SSO       string       // the directory by which members sign in, so that it states their addresses; "": not declared
}

// How long names are is counted apart: eighty times a set of thousands of letters takes
// megabytes in every process.
var (
	groupPattern   = regexp.MustCompile(`^(@?[\p{Ll}\p{Lo}\p{N}._-]+|S[A-Z0-9]{8,})$`)
	emojiPattern   = regexp.MustCompile(`^:[a-z0-9_+'-]{1,80}(::skin-tone-[2-6])?:$`)
	commandPattern = regexp.MustCompile(`^/[a-z0-9_-]{1,31}$`)
	channelPattern = regexp.MustCompile(`^(#[\p{Ll}\p{Lo}\p{M}\p{N}_-]+|[CG][A-Z0-9]{8,})$`)
)

// nameAtMost is how many letters the name of a channel or a group has, at the most.
const nameAtMost = 80

// isChannel tells whether a text is a channel's name, with its #, or its id.
func isChannel(text string) bool {
	name, named := strings.CutPrefix(text, "#")
	return channelPattern.MatchString(text) && !(named && utf8.RuneCountInString(name) > nameAtMost)
}

// isGroup tells whether a text is a user group's handle, with or without its @, or its id.
func isGroup(text string) bool {
	id := strings.HasPrefix(text, "S") // handles have no capitals
	return groupPattern.MatchString(text) && (id || utf8.RuneCountInString(strings.TrimPrefix(text, "@")) <= nameAtMost)
}

const notAChannel = "%q is not a channel: write its name as Slack shows it, for example \"#design-access\", or its id"

func slack(v value.Node) Slack {
	o := v.Object("app_token", "bot_token", "api_url", "it_channel", "it_group", "command", "was", "sso", "away_status")
	s := Slack{APIURL: "https://slack.com/api/", Command: "/access", Was: o.Get("was").TextOr(""), SSO: o.Get("sso").TextOr("")}
	s.AppToken = o.Get("app_token").NeededToken("app_token: ${SLACK_APP_TOKEN}",
		"make an app-level token with connections:write under Basic Information in the Slack app, and set it")
	s.BotToken = o.Get("bot_token").NeededToken("bot_token: ${SLACK_BOT_TOKEN}",
		"install the Slack app, copy the Bot User OAuth Token from OAuth & Permissions, and set it")
	tokenShapes(o.Get("app_token"), o.Get("bot_token"), s)
	if u := o.Get("api_url"); u.Present() {
		s.APIURL = u.URL("https://slack.com/api/") + "/" // slack-go joins it with a method's name
	}
	it := o.Get("it_channel")
	s.ITChannel, _ = it.Needed(`name the channel that hears of what needs a human, for example "#it-access"`)
	if s.ITChannel != "" && !isChannel(s.ITChannel) && !isChannel("#"+strings.TrimPrefix(strings.ToLower(s.ITChannel), "#")) {
		it.Fault(notAChannel, s.ITChannel)
	}
	s.ITGroup = o.Get("it_group").TextOr("")
	if s.ITGroup != "" && !isGroup(s.ITGroup) {
		o.Get("it_group").Fault("slack.it_group can't be %q: write the user group's handle as Slack shows it, for example \"@it-oncall\", or its id", s.ITGroup)
	}
	for _, e := range o.Get("away_status").List() {
		emoji := e.TextOr("")
		if !emojiPattern.MatchString(emoji) {
			e.Fault("slack.away_status can't hold %q: write emoji as Slack names them, for example \":palm_tree:\"", emoji)
			continue
		}
		s.Away = append(s.Away, emoji)
	}
	s.Command = o.Get("command").TextOr(s.Command)
	if c := o.Get("command"); c.Present() && s.Command != "" && !commandPattern.MatchString(s.Command) {
		c.Fault("slack.command can't be %q: write a slash and up to 31 lower-case letters, digits, - or _, for example /access", s.Command)
	}
	if slices.Contains(slacksOwn(), s.Command) {
		o.Get("command").Fault("slack.command can't be %s, which is Slack's own: write another word, for example /access, and paste the output of latchkey manifest --command %s", s.Command, "WORD")
	}
	return s
}

// tokenShapes reports tokens that stand in the wrong place, by how they begin.
func tokenShapes(app, bot value.Node, s Slack) {
	xoxb := strings.HasPrefix(s.AppToken.Reveal(), "xox")
	xapp := strings.HasPrefix(s.BotToken.Reveal(), "xapp-")
	switch {
	case xoxb && xapp:
		app.Fault("slack.app_token and slack.bot_token are swapped: the app-level token starts with xapp-, the bot token with xoxb-")
	case xoxb:
		app.Fault("slack.app_token holds a bot or user token: it needs the app-level token, which starts with xapp-: make one under Basic Information > App-Level Tokens, with the scope connections:write")
	case xapp:
		bot.Fault("slack.bot_token holds the app-level token: it needs the bot token, which starts with xoxb-")
	case strings.HasPrefix(s.BotToken.Reveal(), "xoxp-"):
		bot.Fault("slack.bot_token holds a person's token: it needs the bot token, which starts with xoxb-, from OAuth & Permissions")
	}
}

// slacksOwn are commands that Slack has itself (slack.com/help, "Built-in slash commands"); it gives no app these.
func slacksOwn() []string {
	return []string{
		"/active", "/apps", "/archive", "/away", "/call", "/collapse", "/dm", "/dnd", "/expand", "/feed", "/invite", "/join", "/keys", "/leave", "/me", "/msg", "/mute",
		"/open", "/part", "/people", "/prefs", "/pro", "/remind", "/remove", "/rename", "/search", "/shortcuts", "/shrug", "/star", "/status", "/topic", "/who",
	}
}

// signIn reports a declared sign-in by a directory that isn't there.
func signIn(v value.Node, declared string, directories []string) {
	if declared != "" && !slices.Contains(directories, declared) {
		v.Fault("slack.sso names the directory %q, which is not configured: write the id of the one under idp by which members sign in to Slack, or leave it out", declared)
	}
}

// channel reads the name of a Slack channel, with its #, or its id.
func channel(v value.Node) string {
	text := v.TextOr("")
	if text != "" && !isChannel(text) {
		v.Fault(notAChannel, text)
	}
	return text
}
