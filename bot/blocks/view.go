package blocks

import (
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"
)

// Modal is a view with the texts every modal has.
func Modal(title, submit, closing string, blocks ...slack.Block) slack.ModalViewRequest {
	v := slack.ModalViewRequest{
		Type: slack.VTModal, Title: Plain(title, maxTitle), Close: Plain(closing, maxTitle),
		Blocks: slack.Blocks{BlockSet: Distinct(blocks)},
	}
	if submit != "" {
		v.Submit = Plain(submit, maxTitle)
	}
	return v
}

// Metadata packs what a view carries along. Only ids and bounded values are carried,
// never what people wrote; what would not fit after all is left out rather than cut.
// Slack counts characters, and the escapes that JSON makes of some.
func Metadata(v any) string {
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	text := strings.TrimSuffix(b.String(), "\n")
	if err != nil || Units(text) > maxMetadata {
		return ""
	}
	return text
}

// Notice is a modal that only says something.
func Notice(title, sentence string) slack.ModalViewRequest {
	return Modal(title, "", "Close", Section(Told(sentence, MaxSection)))
}
