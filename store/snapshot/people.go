package snapshot

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
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

// The fields of what is private. Those from title on have words that many share.
const (
	saidName = iota
	saidAddress
	saidTitle
	saidDepartment
	saidType
	saidLocation
	saidManager
	privateFields
)

func privateOf(p *Person) [privateFields]string {
	return [...]string{p.Name, string(p.Address), p.Title, p.Department, p.Type, p.Location, p.Manager.Text}
}

func (s *private) give(p *Person) {
	p.Name, p.Address, p.Title, p.Department = s.said[saidName], access.Email(s.said[saidAddress]), s.said[saidTitle], s.said[saidDepartment]
	p.Type, p.Location, p.Manager.Text = s.said[saidType], s.said[saidLocation], s.said[saidManager]
}

// leaf is the hash that stands for it where it can't be erased.
func (s *private) leaf() access.Hash {
	p := append(make(packer, 0, 256), s.salt[:]...)
	for _, text := range s.said {
		p.text(text)
	}
	return sha256.Sum256(p)
}

// packPeople packs what is hashed of people, and what can be erased.
func packPeople(people []Person, secrets []private) (public, erasable []byte) {
	var p packer
	p.count(len(people))
	p.count(people[0].Number)
	p.words(each(people, func(p *Person) string { return p.Directory }))
	p.ids(each(people, func(p *Person) []byte { return []byte(p.Account) }))
	p.ids(each(people, func(p *Person) []byte { return []byte(p.ID) }))
	p.words(each(people, func(p *Person) string { return string(p.Manager.Person) }))
	p.words(each(people, func(p *Person) string { return p.Manager.Account }))
	p.words(each(people, func(p *Person) string { return string(p.Status) }))
	p.times(each(people, func(p *Person) time.Time { return p.Created }))
	p.times(each(people, func(p *Person) time.Time { return p.SignIn.At }))
	p.times(each(people, func(p *Person) time.Time { return p.SignIn.Reach }))
	p.words(each(people, func(p *Person) string { return p.SignIn.Source }))
	for i := range secrets {
		p.hash(secrets[i].leaf())
	}
	return p, packPrivate(secrets)
}

// each is what get finds in each of many.
func each[T, V any](all []T, get func(*T) V) []V {
	out := make([]V, len(all))
	for i := range all {
		out[i] = get(&all[i])
	}
	return out
}

// packPrivate is a checksum of the rest, the salts, and the texts of everybody, one kind
// after the other. Who was erased has neither salt nor texts.
func packPrivate(secrets []private) []byte {
	var p packer
	for _, s := range secrets {
		p = append(p, s.salt[:]...)
	}
	for field := range privateFields {
		if field < saidTitle {
			p.ids(each(secrets, func(s *private) []byte { return []byte(s.said[field]) }))
		} else {
			p.words(each(secrets, func(s *private) string { return s.said[field] }))
		}
	}
	return append(checksum(p), p...)
}

func checksum(of []byte) []byte {
	return binary.LittleEndian.AppendUint32(nil, crc32.Checksum(of, crc32.MakeTable(crc32.Castagnoli)))
}

// unpackPeople reads both back and compares them.
func unpackPeople(public, erasable []byte) ([]Person, []private, error) {
	u := &unpacker{rest: public}
	people := make([]Person, u.count(rowsAtMost))
	publicPeopleFrom(u, people)
	leaves := make([]access.Hash, len(people))
	for i := range leaves {
		leaves[i] = u.hash()
	}
	if err := u.end(); err != nil || len(people) == 0 {
		return nil, nil, errDamaged
	}
	secrets, err := unpackPrivate(erasable, len(people))
	if err != nil {
		return nil, nil, err
	}
	for i := range secrets {
		s := &secrets[i]
		if people[i].Erased = *s == (private{}); !people[i].Erased && s.leaf() != leaves[i] {
			return nil, nil, errDamaged
		}
		s.give(&people[i])
	}
	return people, secrets, nil
}

func publicPeopleFrom(u *unpacker, people []Person) {
	n := len(people)
	if n == 0 {
		u.fail()
		return
	}
	first := u.count(peopleAtMost)
	directories, accounts, ids := u.words(n), u.ids(n), u.ids(n)
	managers, theirs, status := u.words(n), u.words(n), u.words(n)
	created, signedIn, reach, source := u.times(n), u.times(n), u.times(n), u.words(n)
	if u.err != nil {
		return
	}
	for i := range people {
		people[i] = Person{
			Number: first + i, Directory: directories.at(i), Account: accounts.at(i), ID: access.PersonID(ids.at(i)),
			Manager: Manager{Person: access.PersonID(managers.at(i)), Account: theirs.at(i)}, Status: access.Standing(status.at(i)),
			Created: created[i], SignIn: Use{At: signedIn[i], Reach: reach[i], Source: source.at(i)},
		}
	}
}

func unpackPrivate(raw []byte, people int) ([]private, error) {
	u := &unpacker{rest: raw}
	if sum := u.take(crc32.Size); u.err != nil || !bytes.Equal(sum, checksum(u.rest)) {
		return nil, errDamaged
	}
	out := make([]private, people)
	for i := range out {
		copy(out[i].salt[:], u.take(saltSize))
	}
	for field := range privateFields {
		if field < saidTitle {
			ids := u.ids(people)
			for i := range out {
				out[i].said[field] = ids.at(i)
			}
			continue
		}
		words := u.words(people)
		if u.err != nil {
			return nil, u.err
		}
		for i := range out {
			out[i].said[field] = words.at(i)
		}
	}
	return out, u.end()
}
