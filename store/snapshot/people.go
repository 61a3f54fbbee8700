package snapshot

import (
	"bytes"
	"crypto/sha256"
	"hash/crc32"
	"time"

	"latchkey/access"
)

const (
	peoplePerPage = 256
	peopleAtMost  = 1 << 31 // numbers of people are below
	saltSize      = 16
)

// private is what names or describes a person: what Erase takes away.
type private struct {
	salt [saltSize]byte
	said [privateFields]string
}

const privateFields = 7

func privateOf(p Person) [privateFields]string {
	return [...]string{p.Name, string(p.Address), p.Title, p.Department, p.Type, p.Location, p.Manager.Text}
}

func (s private) give(p *Person) {
	p.Name, p.Address, p.Title, p.Department, p.Type, p.Location, p.Manager.Text = s.said[0], access.Email(s.said[1]), s.said[2], s.said[3], s.said[4], s.said[5], s.said[6]
}

// leaf is the hash that stands for it where it can't be erased.
func (s private) leaf() access.Hash {
	p := packer(s.salt[:])
	for _, text := range s.said {
		p.text(text)
	}
	return sha256.Sum256(p)
}

// packPeople packs what is hashed of people, and what can be erased.
func packPeople(people []Person, secrets []private, z *compressor) (public, erasable []byte) {
	var p packer
	p.count(len(people))
	p.count(people[0].Number)
	p.words(each(people, func(p Person) string { return p.Directory }))
	p.ids(each(people, func(p Person) string { return p.Account }))
	p.ids(each(people, func(p Person) string { return string(p.ID) }))
	p.words(each(people, func(p Person) string { return string(p.Manager.Person) }))
	p.words(each(people, func(p Person) string { return p.Manager.Account }))
	p.words(each(people, func(p Person) string { return string(p.Status) }))
	p.times(each(people, func(p Person) time.Time { return p.Created }))
	p.uses(each(people, func(p Person) Use { return p.SignIn }))
	for _, s := range secrets {
		p.hash(s.leaf())
	}
	return p, packPrivate(secrets, z)
}

func each[T any](people []Person, get func(Person) T) []T {
	out := make([]T, len(people))
	for i, p := range people {
		out[i] = get(p)
	}
	return out
}

// packPrivate is a checksum of the rest, the salts, and the texts of everybody, one kind
// after the other. Who was erased has neither salt nor texts.
func packPrivate(secrets []private, z *compressor) []byte {
	p := packer(make([]byte, crc32.Size))
	for _, s := range secrets {
		p = append(p, s.salt[:]...)
	}
	var texts packer
	for field := range privateFields {
		for _, s := range secrets {
			texts.text(s.said[field])
		}
	}
	p.count(len(texts))
	p = append(p, z.deflate(texts)...)
	crc := crc32.Checksum(p[crc32.Size:], crc32.MakeTable(crc32.Castagnoli))
	p[0], p[1], p[2], p[3] = byte(crc), byte(crc>>8), byte(crc>>16), byte(crc>>24)
	return p
}

// unpackPeople reads both back and compares them.
func unpackPeople(public, erasable []byte) ([]Person, []private, error) {
	u := &unpacker{rest: public}
	people := make([]Person, u.count(rowsAtMost))
	u.publicPeople(people)
	leaves := make([]access.Hash, len(people))
	for i := range leaves {
		leaves[i] = u.hash()
	}
	if err := u.end(); err != nil {
		return nil, nil, err
	}
	secrets, err := unpackPrivate(erasable, len(people))
	if err != nil {
		return nil, nil, err
	}
	for i, s := range secrets {
		switch {
		case s == private{}:
			people[i].Erased = true
		case s.leaf() != leaves[i]:
			return nil, nil, errDamaged
		}
		s.give(&people[i])
	}
	return people, secrets, nil
}

func (u *unpacker) publicPeople(people []Person) {
	n := len(people)
	first := u.count(peopleAtMost)
	directories, accounts, ids := u.words(n), u.ids(n), u.ids(n)
	managers, theirs, status := u.words(n), u.words(n), u.words(n)
	created, signIns := u.times(n), u.uses(n)
	for i := range people {
		people[i] = Person{
			Number: first + i, Directory: directories[i], Account: accounts[i], ID: access.PersonID(ids[i]),
			Manager: Manager{Person: access.PersonID(managers[i]), Account: theirs[i]}, Status: access.Standing(status[i]),
			Created: created[i], SignIn: signIns[i],
		}
	}
}

func unpackPrivate(raw []byte, people int) ([]private, error) {
	u := &unpacker{rest: raw}
	sum := u.take(crc32.Size)
	crc := crc32.Checksum(u.rest, crc32.MakeTable(crc32.Castagnoli))
	if u.err != nil || !bytes.Equal(sum, []byte{byte(crc), byte(crc >> 8), byte(crc >> 16), byte(crc >> 24)}) {
		return nil, errDamaged
	}
	out := make([]private, people)
	for i := range out {
		copy(out[i].salt[:], u.take(saltSize))
	}
	texts, err := inflate(u)
	if err != nil {
		return nil, err
	}
	u = &unpacker{rest: texts}
	for field := range privateFields {
		for i := range out {
			out[i].said[field] = u.text()
		}
	}
	return out, u.end()
}
