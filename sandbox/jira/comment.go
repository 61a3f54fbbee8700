package jira

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// publicProperty is the comment property that keeps a comment from customers.
// Without it a comment on a request is visible to them.
const publicProperty = "sd.public.comment"

type comment struct {
	id               int
	author, editor   string
	body             rich
	created, updated time.Time
	public           bool
	props            map[string]json.RawMessage
}

func (w *world) addComment(is *issue, author string, body rich, public bool, props []property) *comment {
	c := &comment{id: next(&w.seq.comment), author: author, editor: author, body: body,
		created: w.now(), updated: w.now(), public: public, props: map[string]json.RawMessage{}}
	c.merge(props)
	is.comments = append(is.comments, c)
	w.touch(is)
	return c
}

// merge adds properties; sd.public.comment decides the visibility.
func (c *comment) merge(props []property) {
	for _, p := range props {
		c.props[p.Key] = p.Value
		if p.Key == publicProperty {
			var flag struct {
				Internal bool `json:"internal"`
			}
			c.public = json.Unmarshal(p.Value, &flag) != nil || !flag.Internal
		}
	}
}

func (w *world) editComment(is *issue, c *comment, editor string, body rich, props []property) {
	c.body, c.editor, c.updated = body, editor, w.now()
	c.merge(props)
	w.touch(is)
}

func (w *world) deleteComment(is *issue, c *comment) {
	is.comments = slices.DeleteFunc(is.comments, func(o *comment) bool { return o == c })
	w.touch(is)
}

func (is *issue) comment(id string) *comment {
	for _, c := range is.comments {
		if strconv.Itoa(c.id) == id {
			return c
		}
	}
	return nil
}

func noComment(id string) *problem {
	return refuse(http.StatusNotFound, "Can not find a comment for the id: %s.", id)
}
