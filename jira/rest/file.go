package rest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/textproto"
)

// File is what a call sends instead of a JSON body.
type File struct {
	Name, Type string
	Size       int64                         // in bytes
	Open       func() (io.ReadCloser, error) // gives its bytes, once for each attempt
}

// Upload makes a call that sends a file, as the part that Jira names "file", and decodes the
// answer. The file is read as it is sent.
func (c *Client) Upload(ctx context.Context, k Call, f File, out any) error {
	envelope, kind, split, err := enclose(f)
	if err != nil {
		return c.rejected(k, err)
	}
	body := func() (io.ReadCloser, error) {
		content, err := f.Open()
		if err != nil {
			return nil, err
		}
		parts := io.MultiReader(bytes.NewReader(envelope[:split]), io.LimitReader(content, f.Size), bytes.NewReader(envelope[split:]))
		return struct {
			io.Reader
			io.Closer
		}{parts, content}, nil
	}
	req, err := c.files.NewRawRequestWithContext(ctx, k.Method, k.Path, nil)
	if err != nil {
		return c.rejected(k, err)
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("X-Atlassian-Token", "no-check") // without it Jira blocks the call (REST API v3, "Special headers")
	req.ContentLength, req.GetBody = int64(len(envelope))+f.Size, body
	if req.Body, err = body(); err != nil {
		return c.rejected(k, err)
	}
	resp, err := c.answer(c.files, k, req)
	if err != nil {
		err, _ = c.denied(ctx, k, err)
		return err
	}
	defer resp.Body.Close()
	answer, err := c.read(k, resp)
	if err != nil {
		return err
	}
	return c.decode(k, answer, out)
}

// enclose is what stands before and behind a file in a multipart body, and where it is split.
func enclose(f File) (envelope []byte, kind string, split int, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	head := textproto.MIMEHeader{}
	head.Set("Content-Disposition", multipart.FileContentDisposition("file", f.Name))
	head.Set("Content-Type", f.Type)
	_, err = w.CreatePart(head)
	split = b.Len()
	err = errors.Join(err, w.Close())
	return b.Bytes(), w.FormDataContentType(), split, err
}

// Download makes a call and writes the bytes of a good answer, however many they are. What it
// wrote before an error is no answer.
func (c *Client) Download(ctx context.Context, k Call, into io.Writer) error {
	req, err := c.files.NewRawRequestWithContext(ctx, k.Method, k.Path+"?"+k.Query.Encode(), nil)
	if err != nil {
		return c.rejected(k, err)
	}
	resp, err := c.answer(c.files, k, req)
	if err != nil {
		err, _ = c.denied(ctx, k, err)
		return err
	}
	defer resp.Body.Close()
	n, err := io.Copy(into, resp.Body)
	if err == nil && resp.ContentLength >= 0 && n != resp.ContentLength {
		err = io.ErrUnexpectedEOF
	}
	if err != nil {
		return c.unanswered(k, err)
	}
	return nil
}
