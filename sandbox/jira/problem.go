package jira

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"latchkey/sandbox/jira/world"
)

// problem is a refusal. It is rendered in the dialect of the call: the
// platform's errorMessages/errors or the service desk's errorMessage.
type problem struct {
	status  int
	message string
	fields  map[string]string
	i18n    string
	// bare leaves the body empty, as the service desk does for callers
	// without an agent licence.
	bare bool
}

func (p *problem) Error() string {
	parts := make([]string, 0, len(p.fields)+1)
	if p.message != "" {
		parts = append(parts, p.message)
	}
	for k, v := range p.fields {
		parts = append(parts, k+": "+v)
	}
	slices.Sort(parts)
	return fmt.Sprintf("jira answered %d: %s", p.status, strings.Join(parts, "; "))
}

func refuse(status int, format string, args ...any) *problem {
	return &problem{status: status, message: fmt.Sprintf(format, args...)}
}

// asProblem is the answer to what the world refuses.
func asProblem(err error) *problem {
	if p := new(problem); errors.As(err, &p) {
		return p
	}
	if r := new(world.Refusal); errors.As(err, &r) {
		return &problem{status: statusOf(r.Reason), message: r.Message, fields: r.Fields}
	}
	return refuse(http.StatusInternalServerError, "%v", err)
}

func statusOf(r world.Reason) int {
	switch r {
	case world.Forbidden:
		return http.StatusForbidden
	case world.NotFound:
		return http.StatusNotFound
	case world.Conflict:
		return http.StatusConflict
	}
	return http.StatusBadRequest
}

func (p *problem) platform() any {
	messages := []string{}
	if p.message != "" {
		messages = append(messages, p.message)
	}
	fields := p.fields
	if fields == nil {
		fields = map[string]string{}
	}
	return obj{"errorMessages": messages, "errors": fields}
}

func (p *problem) desk() any {
	text := p.message
	if text == "" {
		text = p.fieldText()
	}
	key := p.i18n
	if key == "" {
		key = "sd.error." + strings.ToLower(strings.ReplaceAll(http.StatusText(p.status), " ", "."))
	}
	return obj{"errorMessage": text, "i18nErrorMessage": obj{"i18nKey": key, "parameters": []string{}}}
}

func (p *problem) fieldText() string {
	var parts []string
	for k, v := range p.fields {
		parts = append(parts, k+": "+v)
	}
	slices.Sort(parts)
	return "Your request could not be created. Please check the fields have been correctly filled in. " +
		strings.Join(parts, " ")
}
