package rest

import (
	"encoding/json"

	"latchkey/access"
	"latchkey/jira/adf"
)

// User is somebody as Jira shows them (REST API v3, "User").
type User struct {
	AccountID    string
	AccountType  string
	EmailAddress string // absent when the person hides it
	DisplayName  string
	Active       bool
}

// Account is the user in the terms of package access.
func (u User) Account() access.Account {
	return access.Account{ID: u.AccountID, Email: access.NewEmail(u.EmailAddress), Name: adf.OneLine(u.DisplayName), Active: u.Active, App: u.AccountType == "app"}
}

// CommentsAtOnce is how many comments of an issue are asked for at once.
const CommentsAtOnce = 100

// CommentPage is a page of comments (REST API v3, "Get comments").
type CommentPage struct {
	Total    int
	Comments []Comment
}

// Comment is one comment (REST API v3, "Comment").
type Comment struct {
	ID     string
	Author User
	// UpdateAuthor is who changed it last: its author, while nobody has.
	UpdateAuthor User
	Created      string
	Updated      string          // when it was changed last: Created, while nobody has
	Body         json.RawMessage // a document
	JSDPublic    *bool
	// Properties come only when they are asked for.
	Properties []struct {
		Key   string
		Value json.RawMessage
	}
}

// Public tells whether the customer can read the comment: unless jsdPublic says
// otherwise, the customer can.
func (c Comment) Public() bool { return c.JSDPublic == nil || *c.JSDPublic }

// Property is the value of one of the comment's properties; nil if it has none.
func (c Comment) Property(key string) json.RawMessage {
	for _, p := range c.Properties {
		if p.Key == key {
			return p.Value
		}
	}
	return nil
}
