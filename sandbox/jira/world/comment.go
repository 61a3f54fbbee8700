package world

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// publicProperty is the comment property that keeps a comment from customers.
// Without it a comment on a request is visible to them.
const publicProperty = "sd.public.comment"

// LiveComment is a comment as it stands.
type LiveComment struct {
	ID               int
	Author, Editor   string
	Body             RichText
	Created, Updated time.Time
	Public           bool
	Properties       map[string]json.RawMessage
}

// AddComment writes a comment; its properties may make it internal.
func (s *State) AddComment(is *LiveIssue, author string, body RichText, public bool, props []Property) *LiveComment {
	now := s.Now()
	c := &LiveComment{ID: next(&s.seq.comment), Author: author, Editor: author, Body: body,
		Created: now, Updated: now, Public: public, Properties: map[string]json.RawMessage{}}
	c.merge(props)
	c.Public = c.Public || s.Settings.AllPublic
	is.Comments = append(is.Comments, c)
	s.note("comment.added", is.Key+"/"+strconv.Itoa(c.ID))
	s.touch(is)
	s.automate(is, c)
	return c
}

// merge adds properties; sd.public.comment decides the visibility.
func (c *LiveComment) merge(props []Property) {
	for _, p := range props {
		c.Properties[p.Key] = p.Value
		if p.Key == publicProperty {
			var flag struct {
				Internal bool `json:"internal"`
			}
			c.Public = json.Unmarshal(p.Value, &flag) != nil || !flag.Internal
		}
	}
}

// EditComment replaces the text and merges the properties.
func (s *State) EditComment(is *LiveIssue, c *LiveComment, editor string, body RichText, props []Property) {
	c.Body, c.Editor, c.Updated = body, editor, s.Now()
	c.merge(props)
	s.note("comment.edited", is.Key+"/"+strconv.Itoa(c.ID))
	s.touch(is)
}

// DeleteComment deletes a comment for good.
func (s *State) DeleteComment(is *LiveIssue, c *LiveComment) {
	is.Comments = slices.DeleteFunc(is.Comments, func(o *LiveComment) bool { return o == c })
	s.note("comment.deleted", is.Key+"/"+strconv.Itoa(c.ID))
	s.touch(is)
}

// FindComment finds a comment by its id.
func (is *LiveIssue) FindComment(id string) *LiveComment {
	for _, c := range is.Comments {
		if strconv.Itoa(c.ID) == id {
			return c
		}
	}
	return nil
}

// NoComment refuses an id that no comment has.
func NoComment(id string) *Refusal {
	return notFound("Can not find a comment for the id: %s.", id)
}

// VisibilityProperty is the property that mirrors a comment's public flag.
func VisibilityProperty(public bool) []Property {
	if public {
		return []Property{{Key: publicProperty, Value: []byte(`{"internal":false}`)}}
	}
	return []Property{{Key: publicProperty, Value: []byte(`{"internal":true}`)}}
}
