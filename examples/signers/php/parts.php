<?php

// Uploads in parts.

declare(strict_types=1);

const MIB = 2 ** 20;
const MIN_PART = 5 * MIB; // bytes; every S3 allows it for all parts but the last
const IDEAL_PART = 64 * MIB;
const STREAM_PART = 16 * MIB; // a browser holds some of them in memory
const MAX_PARTS = 10_000;
const PARTS_LIFE = 604_800; // seconds of a grant: a terabyte at 20 Mbit/s takes five days

/** Begins an upload. A file without a size is a stream. */
function beginUpload(stdClass $request, string $user): array
{
    $grant = newGrant($request, $user);
    ['key' => $key, 'size' => $size] = $grant;
    $isStream = !isset($request->file->size);
    $isAgain = ($request->again ?? false) === true && isset($request->nonce);
    $upload = ($isAgain ? begunBefore($key) : '') ?: begin($key, $grant['type']);
    $cut = ['partSize' => $isStream ? STREAM_PART : partSize($size, whole($request->partSize ?? IDEAL_PART))];
    $more = ['kind' => 'parts', 'expires' => time() + PARTS_LIFE, 'upload' => $upload, 'stream' => $isStream];
    return [
        'key' => $key,
        'uploadId' => $upload,
        'grant' => sealGrant($more + $cut + $grant, $user),
        'expiresAt' => in(PARTS_LIFE),
        'comparesParts' => true,
    ] + $cut + ($isStream ? ['maxSize' => $size] : []);
}

/** Cuts a file so that a browser sends it in full rounds of six parts, no larger than it wishes. */
function partSize(int $size, int $wish): int
{
    $most = max(MIN_PART, min($wish, IDEAL_PART));
    $rounds = max(1, divide($size, 6 * $most));
    return max(MIN_PART, divide($size, 6 * $rounds), divide($size, MAX_PARTS));
}

/** Rounds up. */
function divide(int $a, int $b): int
{
    return intdiv($a + $b - 1, $b);
}

/** An empty file has one empty part. */
function partCount(array $grant): int
{
    return max(1, divide($grant['size'], $grant['partSize']));
}

/** The bytes of a part; of a stream at most. */
function partSizeOf(array $grant, int $number): int
{
    return min($grant['partSize'], $grant['size'] - ($number - 1) * $grant['partSize']);
}

function begin(string $key, string $type): string
{
    $reply = ask('POST', $key, ['uploads' => ''], ['content-type' => $type]);
    return (string) (xml($reply)->UploadId ?? '') ?: throw failure($reply);
}

/** The upload of an earlier try, whose answer was lost; '' if there is none. Its parts would stay for ever. */
function begunBefore(string $key): string
{
    foreach (xml(ask('GET', '', ['uploads' => '', 'prefix' => $key]))->Upload ?? [] as $upload) {
        if ((string) $upload->Key === $key) {
            return (string) $upload->UploadId;
        }
    }
    return '';
}

/** Signs the URL of one part, for just the size that it has. */
function signPart(stdClass $request, array $grant): array
{
    $number = whole($request->partNumber);
    if ($number < 1 || $number > partCount($grant)) {
        throw new Refusal('bad-request', 'The upload has no such part.');
    }
    $right = partSizeOf($grant, $number);
    $size = whole($request->size ?? ($grant['stream'] ? 0 : $right));
    if ($grant['stream'] ? $size < 1 || $size > $right : $size !== $right) {
        throw new Refusal('bad-request', "This part has $right bytes, or that of a stream at most.");
    }
    $headers = array_diff_key(guards(), ['x-amz-acl' => '']); // which parts do not have
    $place = ['partNumber' => $number, 'uploadId' => $grant['upload']];
    return upload($grant['key'], $place, $size, $headers, $request->md5 ?? null);
}

/** Signs the URL that lists the parts which are stored. The browser reads the XML. */
function signList(array $grant, int $after): array
{
    $url = presign('GET', $grant['key'], pageAfter($grant, $after), [], URL_LIFE);
    return ['url' => $url, 'method' => 'GET', 'expiresAt' => in(URL_LIFE)];
}

function pageAfter(array $grant, int $after): array
{
    return ['uploadId' => $grant['upload'], 'max-parts' => 1000, 'part-number-marker' => $after];
}

/** Makes one object of the parts, if they are those that were granted and sent. */
function completeUpload(stdClass $request, array $grant, string $user): array
{
    if ($grant['stream']) {
        $size = whole($request->size);
        if ($size < 1 || $size > $grant['size']) {
            throw new Refusal('bad-request', "A stream needs its size, from 1 to {$grant['size']} bytes.");
        }
        $grant['size'] = $size;
    }
    ['key' => $key, 'upload' => $upload] = $grant;
    $stored = storedParts($grant);
    if ($stored !== null) {
        compareParts($grant, $stored, $request->parts ?? []);
        $list = '';
        foreach ($stored as $number => ['etag' => $etag]) {
            $list .= "<Part><PartNumber>$number</PartNumber><ETag>&quot;$etag&quot;</ETag></Part>";
        }
        $body = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">$list</CompleteMultipartUpload>";
        $joined = ask('POST', $key, ['uploadId' => $upload], ['content-type' => 'application/xml'], $body);
    }
    // Whatever was answered, now or to an earlier try: the object is there, or it is not.
    $head = ask('HEAD', $key, []);
    if ($head['status'] === 404 && $stored === null) {
        throw new Refusal('upload-gone', 'The upload does not exist any more. Start it again.');
    }
    if ($head['status'] !== 200 || ($head['headers']['content-length'] ?? '') !== "{$grant['size']}") {
        throw failure($joined ?? $head);
    }
    $kept = ['kind' => 'file', 'key' => $key, 'stored' => true, 'expires' => time() + FILE_LIFE];
    $etag = trim($head['headers']['etag'] ?? '', '"');
    return ['etag' => $etag, 'grant' => sealGrant($kept, $user)] + linkTo($key, LINK_LIFE);
}

/** All parts by their numbers, page by page; null if the bucket does not know the upload any more. */
function storedParts(array $grant): ?array
{
    for ($stored = [], $after = 0;; $after = $next) {
        $reply = ask('GET', $grant['key'], pageAfter($grant, $after));
        if ($reply['status'] === 404) {
            return null;
        }
        $page = xml($reply);
        if ($reply['status'] !== 200 || $page === null) {
            throw failure($reply);
        }
        foreach ($page->Part as $part) {
            $etag = htmlspecialchars(trim((string) $part->ETag, '"'), ENT_XML1);
            $stored[(int) $part->PartNumber] = ['etag' => $etag, 'size' => (int) $part->Size];
        }
        // With a marker that does not advance the loop would never end.
        $next = (int) $page->NextPartNumberMarker;
        if ((string) $page->IsTruncated !== 'true' || $next <= $after) {
            return $stored;
        }
    }
}

/** Compares what is stored with what was granted, and with what the client knows of. */
function compareParts(array $grant, array $stored, array $sent): void
{
    $sizes = [];
    for ($number = 1; $number <= partCount($grant); $number++) {
        $sizes[$number] = partSizeOf($grant, $number);
    }
    if (array_map(fn ($it) => $it['size'], $stored) !== $sizes) {
        throw new Refusal('upload-incomplete', 'The parts that were stored do not make up the file.');
    }
    foreach ($sent as $part) {
        $etag = trim($part->etag, '"');
        if (($stored[whole($part->partNumber)]['etag'] ?? null) !== $etag) {
            throw new Refusal('parts-differ', 'The parts that are stored are not those that were sent.');
        }
    }
}

/** Removes the parts. That the upload is gone already is as good. */
function abortUpload(array $grant): array
{
    $reply = ask('DELETE', $grant['key'], ['uploadId' => $grant['upload']]);
    if (intdiv($reply['status'], 100) !== 2 && $reply['status'] !== 404) {
        throw failure($reply);
    }
    return [];
}
