package blocks

import (
	"strconv"

	"github.com/slack-go/slack"
)

// The limits of Block Kit that the bot can reach
// (docs.slack.dev/reference/block-kit and /surfaces/modals).
const (
	maxTitle       = 24
	MaxHeader      = 150
	MaxSection     = 3000
	MaxField       = 2000
	maxFields      = 10
	MaxButton      = 75
	MaxOption      = 75
	MaxOptions     = 100
	MaxPlaceholder = 150
	MaxHint        = 2000
	MaxErrorText   = 2000
	maxMetadata    = 3000
	MaxTogether    = 8500 // of text in all blocks of a message; Slack refuses more than some 10,000
	maxViewBlocks  = 100
	MaxQuote       = 2400 // two quotations and all else stay below the limit of a whole message
)

// MaxGist is how much of a text fits into three lines on a phone.
const MaxGist = 114

// MaxName is how much of a name a card shows.
const MaxName = 120

// Plain is a plain_text object of at most n characters. Colon words stay what
// they are: a name is not an emoji.
func Plain(s string, n int) *slack.TextBlockObject {
	s = Clip(OneLine(s), n)
	if s == "" {
		s = "–" // Slack refuses empty text
	}
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// Markup is a mrkdwn object of text that is escaped already. Verbatim keeps
// Slack from linking names and addresses in it.
func Markup(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, s, false, true)
}

// Section is a paragraph of text that is escaped already.
func Section(s string) *slack.SectionBlock { return slack.NewSectionBlock(Markup(s), nil, nil) }

// SmallPrint is a context block of text that is escaped already.
func SmallPrint(s string) *slack.ContextBlock { return slack.NewContextBlock("", Markup(s)) }

// Button is a button; value is what it is about.
func Button(action, value, label string, style slack.Style) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, Clip(value, MaxButton), Plain(label, MaxButton)).WithStyle(style)
}

// Confirmed makes a button ask before it acts.
func Confirmed(b *slack.ButtonBlockElement, title, text, yes string) *slack.ButtonBlockElement {
	return b.WithConfirm(slack.NewConfirmationBlockObject(Plain(title, 100), Plain(text, 300), Plain(yes, 30), Plain("Not now", 30)))
}

// Option is a choice in a menu; without a description it has one line.
func Option(value, text, description string) *slack.OptionBlockObject {
	o := slack.NewOptionBlockObject(value, Plain(text, MaxOption), nil)
	if description = Clip(OneLine(description), MaxOption); description != "" {
		o.Description = Plain(description, MaxOption)
	}
	return o
}

// Offer fills a menu: what is more than a list may hold is in groups.
func Offer(menu *slack.SelectBlockElement, options []*slack.OptionBlockObject) {
	if len(options) <= MaxOptions {
		menu.Options = options
		return
	}
	menu.OptionGroups = optionPages(options)
}

// optionPages splits a long list into the groups Slack asks for.
func optionPages(options []*slack.OptionBlockObject) []*slack.OptionGroupBlockObject {
	var groups []*slack.OptionGroupBlockObject
	for i := 0; i < len(options); i += MaxOptions {
		end := min(i+MaxOptions, len(options))
		label := strconv.Itoa(i+1) + "–" + strconv.Itoa(end)
		groups = append(groups, slack.NewOptionGroupBlockElement(Plain(label, MaxOption), options[i:end]...))
	}
	return groups
}
