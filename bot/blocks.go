package bot

import (
	"encoding/json"

	"github.com/slack-go/slack"
)

// The limits of Block Kit that the bot can reach
// (docs.slack.dev/reference/block-kit and /surfaces/modals).
const (
	maxTitle       = 24
	maxHeader      = 150
	maxSection     = 3000
	maxField       = 2000
	maxFields      = 10
	maxButton      = 75
	maxOption      = 75
	maxOptions     = 100
	maxPlaceholder = 150
	maxHint        = 2000
	maxErrorText   = 2000
	maxMetadata    = 3000
	maxTogether    = 8500 // of text in all blocks of a message; Slack refuses more than some 10,000
	maxViewBlocks  = 100
	maxQuote       = 2400 // two quotations and all else stay below the limit of a whole message
	maxFallback    = 3000 // chat.update refuses more than 4,000
)

// plain is a plain_text object of at most n characters. Colon words stay what
// they are: a name is not an emoji.
func plain(s string, n int) *slack.TextBlockObject {
	s = clip(oneLine(s), n)
	if s == "" {
		s = "–" // Slack refuses empty text
	}
	return slack.NewTextBlockObject(slack.PlainTextType, s, false, false)
}

// markup is a mrkdwn object of text that is escaped already. Verbatim keeps
// Slack from linking names and addresses in it.
func markup(s string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, s, false, true)
}

func section(s string) *slack.SectionBlock { return slack.NewSectionBlock(markup(s), nil, nil) }

func small(s string) *slack.ContextBlock { return slack.NewContextBlock("", markup(s)) }

func button(action, request, label string, style slack.Style) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, clip(request, maxButton), plain(label, maxButton)).WithStyle(style)
}

// sure makes a button ask before it acts.
func sure(b *slack.ButtonBlockElement, title, text, yes string) *slack.ButtonBlockElement {
	return b.WithConfirm(slack.NewConfirmationBlockObject(plain(title, 100), plain(text, 300), plain(yes, 30), plain("Not now", 30)))
}

func option(value, text, description string) *slack.OptionBlockObject {
	o := slack.NewOptionBlockObject(value, plain(text, maxOption), nil)
	if description = clip(oneLine(description), maxOption); description != "" {
		o.Description = plain(description, maxOption)
	}
	return o
}

// modal is a view with the texts every modal has.
func modal(title, submit, closing string, blocks ...slack.Block) slack.ModalViewRequest {
	v := slack.ModalViewRequest{
		Type: slack.VTModal, Title: plain(title, maxTitle), Close: plain(closing, maxTitle),
		Blocks: slack.Blocks{BlockSet: blocks},
	}
	if submit != "" {
		v.Submit = plain(submit, maxTitle)
	}
	return v
}

// metadata packs what a view carries along. Only plain, bounded values are
// carried; what would not fit after all is left out rather than cut.
func metadata(v any) string {
	raw, err := json.Marshal(v)
	if err != nil || len(raw) > maxMetadata {
		return ""
	}
	return string(raw)
}

// notice is a modal that only says something.
func notice(title, sentence string) slack.ModalViewRequest {
	return modal(title, "", "Close", section(esc(sentence, maxSection)))
}
