package blocks

import (
	"encoding/json"

	"github.com/slack-go/slack"
)

// Modal is a view with the texts every modal has.
func Modal(title, submit, closing string, blocks ...slack.Block) slack.ModalViewRequest {
	v := slack.ModalViewRequest{
		Type: slack.VTModal, Title: Plain(title, maxTitle), Close: Plain(closing, maxTitle),
		Blocks: slack.Blocks{BlockSet: blocks},
	}
	if submit != "" {
		v.Submit = Plain(submit, maxTitle)
	}
	return v
}

// Metadata packs what a view carries along. Only plain, bounded values are
// carried; what would not fit after all is left out rather than cut.
func Metadata(v any) string {
	raw, err := json.Marshal(v)
	if err != nil || len(raw) > maxMetadata {
		return ""
	}
	return string(raw)
}

// Notice is a modal that only says something.
func Notice(title, sentence string) slack.ModalViewRequest {
	return Modal(title, "", "Close", Section(Escape(sentence, MaxSection)))
}
