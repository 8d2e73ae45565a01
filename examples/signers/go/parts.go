package main

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// Bytes, and what every S3 allows: at most 10,000 parts, and all but the last of 5 MiB or more.
const (
	mib        = 1 << 20
	minPart    = 5 * mib
	idealPart  = 64 * mib
	streamPart = 16 * mib // a browser holds some of them in memory
	maxParts   = 10_000
)

// create begins an upload in parts. A file without a size is a stream.
func create(user string, g grant, r request) (answer, error) {
	g.Kind, g.Expires = "parts", now()+partsLife
	g.PartSize = partSize(g.Size, r.PartSize)
	if g.Stream {
		g.PartSize = streamPart
	}
	if r.Again && r.Nonce != nil {
		g.Upload = begunBefore(g.Key)
	}
	if g.Upload == "" {
		reply := ask("POST", g.Key, query{"uploads": ""}, headers{"content-type": g.Type}, nil)
		var begun struct{ UploadId string }
		if xml.Unmarshal(reply.body, &begun) != nil || begun.UploadId == "" {
			return nil, reply
		}
		g.Upload = begun.UploadId
	}
	done := answer{
		"key":           g.Key,
		"uploadId":      g.Upload,
		"grant":         g.seal(user),
		"expiresAt":     in(partsLife),
		"partSize":      g.PartSize,
		"comparesParts": true,
	}
	if g.Stream {
		done["maxSize"] = g.Size
	}
	return done, nil
}

// partSize cuts a file so that a browser sends it in full rounds of six parts, no larger than it wishes.
func partSize(size int64, wish *int64) int64 {
	most := int64(idealPart)
	if wish != nil {
		most = max(minPart, min(*wish, idealPart))
	}
	rounds := max(1, divide(size, 6*most))
	return max(minPart, max(divide(size, 6*rounds), divide(size, maxParts)))
}

// divide rounds up.
func divide(a, b int64) int64 { return (a + b - 1) / b }

// An empty file has one empty part.
func (g grant) partCount() int64 { return max(1, divide(g.Size, g.PartSize)) }

// partSizeOf is the size of one part; of a stream the most that it may have.
func (g grant) partSizeOf(number int64) int64 {
	return min(g.PartSize, g.Size-(number-1)*g.PartSize)
}

// begunBefore finds the upload of an earlier try, whose answer was lost. Its parts would stay for ever.
func begunBefore(key string) string {
	var listed struct {
		Upload []struct{ Key, UploadId string }
	}
	xml.Unmarshal(ask("GET", "", query{"uploads": "", "prefix": key}, nil, nil).body, &listed)
	for _, each := range listed.Upload {
		if each.Key == key {
			return each.UploadId
		}
	}
	return ""
}

// signPart signs the URL of one part, for just the size that it has.
func signPart(_ string, g grant, r request) (answer, error) {
	if r.PartNumber < 1 || r.PartNumber > g.partCount() {
		return nil, refusal{"bad-request", "The upload has no such part."}
	}
	size := g.partSizeOf(r.PartNumber)
	isRight := r.Size == nil || *r.Size == size
	if g.Stream {
		isRight = r.Size != nil && *r.Size > 0 && *r.Size <= size
	}
	if !isRight {
		return nil, refusal{"bad-request", fmt.Sprintf("This part has %d bytes, or that of a stream at most.", size)}
	}
	if r.Size != nil {
		size = *r.Size
	}
	sent := guards()
	delete(sent, "x-amz-acl") // which parts do not have
	place := query{"partNumber": fmt.Sprint(r.PartNumber), "uploadId": g.Upload}
	return upload(g, place, size, sent, r.MD5)
}

// signParts signs the URL that lists the parts which are stored. The browser reads the XML.
func signParts(_ string, g grant, r request) (answer, error) {
	url := presign("GET", g.Key, g.page(r.After), nil, urlLife)
	return answer{"url": url, "method": "GET", "expiresAt": in(urlLife)}, nil
}

// page is what asks for the parts that come after a number.
func (g grant) page(after int64) query {
	return query{"uploadId": g.Upload, "max-parts": "1000", "part-number-marker": fmt.Sprint(after)}
}

// complete makes one object of the parts, if they are those that were granted and sent.
func complete(user string, g grant, r request) (answer, error) {
	if g.Stream {
		if r.Size == nil || *r.Size < 1 || *r.Size > g.Size {
			return nil, refusal{"bad-request", fmt.Sprintf("A stream needs its size, from 1 to %d bytes.", g.Size)}
		}
		g.Size = *r.Size
	}
	stored, isBegun, err := storedParts(g)
	if err == nil && isBegun {
		err = compare(g, stored, r.Parts)
	}
	if err != nil {
		return nil, err
	}
	var joined reply
	if isBegun {
		joined = assemble(g, stored)
	}
	// Whatever was answered, now or to an earlier try: the object is there, or it is not.
	head := ask("HEAD", g.Key, nil, nil, nil)
	if head.status == 404 && !isBegun {
		return nil, refusal{"upload-gone", "The upload does not exist any more. Start it again."}
	}
	if head.status != 200 || head.header.Get("Content-Length") != fmt.Sprint(g.Size) {
		return nil, fmt.Errorf("%v; then %w", joined, head)
	}
	g = grant{Kind: "file", Key: g.Key, Stored: true, Expires: now() + fileLife}
	return linkTo(g.Key, linkLife, answer{
		"etag":  strings.Trim(head.header.Get("ETag"), `"`),
		"grant": g.seal(user),
	}), nil
}

type storedPart struct {
	part
	Size int64
}

// storedParts asks the bucket for all parts, page by page; false if it does not know the upload any more.
func storedParts(g grant) (all []storedPart, isBegun bool, err error) {
	for after := int64(0); ; {
		reply := ask("GET", g.Key, g.page(after), nil, nil)
		if reply.status == 404 {
			return nil, false, nil
		}
		var page struct {
			Part                 []storedPart
			IsTruncated          bool
			NextPartNumberMarker int64
		}
		if reply.status != 200 || xml.Unmarshal(reply.body, &page) != nil {
			return nil, false, reply
		}
		all = append(all, page.Part...)
		// With a marker that does not advance the loop would never end.
		if !page.IsTruncated || page.NextPartNumberMarker <= after {
			return all, true, nil
		}
		after = page.NextPartNumberMarker
	}
}

// compare compares what is stored with what was granted, and with what the client knows of.
func compare(g grant, stored []storedPart, sent []part) error {
	etags := map[int64]string{}
	isWhole := int64(len(stored)) == g.partCount()
	for index, each := range stored {
		isWhole = isWhole && each.PartNumber == int64(index)+1 && each.Size == g.partSizeOf(each.PartNumber)
		etags[each.PartNumber] = strings.Trim(each.ETag, `"`)
	}
	if !isWhole {
		return refusal{"upload-incomplete", "The parts that were stored do not make up the file."}
	}
	for _, each := range sent {
		if each.PartNumber < 1 || each.ETag == "" {
			return refusal{"bad-request", `Each of "parts" needs "partNumber" and "etag".`}
		}
		if etags[each.PartNumber] != strings.Trim(each.ETag, `"`) {
			return refusal{"parts-differ", "The parts that are stored are not those that were sent."}
		}
	}
	return nil
}

func assemble(g grant, stored []storedPart) reply {
	var list struct {
		XMLName xml.Name `xml:"http://s3.amazonaws.com/doc/2006-03-01/ CompleteMultipartUpload"`
		Part    []part
	}
	for _, each := range stored {
		list.Part = append(list.Part, each.part)
	}
	body, _ := xml.Marshal(list)
	return ask("POST", g.Key, query{"uploadId": g.Upload}, headers{"content-type": "application/xml"}, body)
}

// abort removes the parts. That the upload is gone already is as good.
func abort(_ string, g grant, _ request) (answer, error) {
	reply := ask("DELETE", g.Key, query{"uploadId": g.Upload}, nil, nil)
	if reply.status/100 != 2 && reply.status != 404 {
		return nil, reply
	}
	return answer{}, nil
}
