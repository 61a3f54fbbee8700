package payload

import (
	"encoding/json"
	"fmt"

	"github.com/slack-go/slack"

	"latchkey/bot/blocks"
)

// MaxAck is how many bytes an answer may have that goes with an ack. Slack drops acks
// of 20,480 bytes and more without a word (found by slack-go's authors, the constant in
// its socketmode/socketmode.go), and the envelope around the answer needs room too.
const MaxAck = 20_000

// Ack encodes an ack's payload.
func Ack(v any) ([]byte, error) {
	out, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode answer to Slack: %w", err)
	}
	return out, nil
}

// FieldError keeps a submitted view open and shows a sentence under one of its inputs.
func FieldError(block, sentence string) ([]byte, error) {
	return Ack(slack.NewErrorsViewSubmissionResponse(map[string]string{block: blocks.Clip(sentence, blocks.MaxErrorText)}))
}

// ReplaceView puts another view into the place of a submitted one.
func ReplaceView(v slack.ModalViewRequest) ([]byte, error) {
	return Ack(slack.NewUpdateViewSubmissionResponse(&v))
}

// Finished closes all views that lie on each other, where what was submitted needs no other
// answer: the form may have been opened from one that is not true any more.
func Finished(answer []byte, err error) ([]byte, error) {
	if answer != nil || err != nil {
		return answer, err
	}
	return Ack(slack.NewClearViewSubmissionResponse())
}

// Ephemeral is an answer only the person sees. The text is escaped already.
func Ephemeral(text string) any {
	return map[string]string{"response_type": "ephemeral", "text": text}
}
