package jira

import (
	"slices"
	"strconv"
	"time"
)

// attachmentLimit is the number of files of one upload.
const attachmentLimit = 60

type attachment struct {
	id             int
	name, mimeType string
	author         string
	created        time.Time
	data           []byte
	public         bool
}

// upload is a temporary file on the way to a request.
type upload struct {
	name, mimeType, owner string
	data                  []byte
	at                    time.Time
}

// uploadLife is how long a temporary file can be used.
const uploadLife = time.Hour

func (w *world) attach(is *issue, author string, u *upload, public bool) *attachment {
	a := &attachment{id: next(&w.seq.attachment), name: u.name, mimeType: u.mimeType, author: author,
		created: w.now(), data: u.data, public: public}
	is.attachments = append(is.attachments, a)
	w.record(is, author, nil, changeItem{field: "Attachment", fieldID: "attachment", kind: "jira", to: strconv.Itoa(a.id), toString: a.name})
	return a
}

func (w *world) attachment(id string) (*issue, *attachment) {
	for _, is := range w.order {
		for _, a := range is.attachments {
			if strconv.Itoa(a.id) == id {
				return is, a
			}
		}
	}
	return nil, nil
}

func (w *world) detach(is *issue, a *attachment, author string) {
	is.attachments = slices.DeleteFunc(is.attachments, func(o *attachment) bool { return o == a })
	w.record(is, author, nil, changeItem{field: "Attachment", fieldID: "attachment", kind: "jira", from: strconv.Itoa(a.id), fromString: a.name})
}
