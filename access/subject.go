package access

import (
	"fmt"
	"strings"
)

// Subject is what an event, a task or a card is about. Every subject has a chain
// of events of its own.
type Subject struct {
	Kind SubjectKind
	ID   string // empty for the log itself
}

// SubjectKind names a kind of subject.
type SubjectKind string

// The kinds of subject.
const (
	SubjectRequest    SubjectKind = "request"    // a request, and the grant that comes of it
	SubjectGrant      SubjectKind = "grant"      // a grant that nobody asked for
	SubjectLog        SubjectKind = "log"        // what concerns the record as a whole
	SubjectDelegation SubjectKind = "delegation" // that somebody decides in another one's place
	SubjectList       SubjectKind = "list"       // the files that say who has access to an app without a directory
)

// RequestSubject is the subject of a request and of the grant that comes of it.
func RequestSubject(id string) Subject { return Subject{SubjectRequest, id} }

// GrantSubject is the subject of a grant that has no request.
func GrantSubject(id string) Subject { return Subject{SubjectGrant, id} }

// ListSubject is the subject of the files that were imported of an app.
func ListSubject(app string) Subject { return Subject{SubjectList, app} }

// LogSubject is the subject of what concerns nobody in particular.
func LogSubject() Subject { return Subject{Kind: SubjectLog} }

// Request is the id of the request the subject is; "" if it is something else.
func (s Subject) Request() string {
	if s.Kind == SubjectRequest {
		return s.ID
	}
	return ""
}

// String is the subject as the log writes it, for example "request:AR-1".
func (s Subject) String() string {
	if s == (Subject{}) {
		return ""
	}
	return string(s.Kind) + ":" + s.ID
}

// ParseSubject reads what String writes.
func ParseSubject(text string) (Subject, error) {
	kind, id, ok := strings.Cut(text, ":")
	if !ok || kind == "" || strings.ContainsAny(text, "\n\x00") {
		return Subject{}, fmt.Errorf("access: %q names no subject: it has to read kind:id", text)
	}
	return Subject{SubjectKind(kind), id}, nil
}

// MarshalText writes the subject as String does.
func (s Subject) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Subject) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*s = Subject{}
		return nil
	}
	*s, err = ParseSubject(string(text))
	return err
}
