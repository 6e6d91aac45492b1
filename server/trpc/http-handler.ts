import type { AnyTRPCRouter } from "@trpc/server";
import { getTRPCErrorShape, TRPCError, transformTRPCResponse } from "@trpc/server";
import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { getHTTPStatusCodeFromError } from "@trpc/server/http";
import { isFromElsewhere } from "@/server/auth/own-origin";
import { BodyTooLargeError, NotUtf8Error, readCapped } from "@/server/read-capped";
import type { RequestContext } from "./context";
import { toPublicError } from "./errors";
import { InputRefusedError, parsePlainJson } from "./plain-json";
import { MAX_BATCH_SIZE } from "./transport";

export interface HttpHandlerOptions {
  router: AnyTRPCRouter;
  /** `calls` is how many procedures the request calls. */
  createContext(request: Request, calls: number): Promise<RequestContext>;
}

const ENDPOINT = "/api/trpc";
/** The longest text that can be stored, a reflection of 10,000 characters, takes at most 60 kB. */
const MAX_BODY_KB = 256;

/** Answers belong to one person and may take minutes, so no proxy may store, buffer or change them. */
const RESPONSE_HEADERS = { "cache-control": "private, no-store, no-transform", "x-accel-buffering": "no" };

/**
 * Answers a tRPC call over HTTP. The request is checked before tRPC or a schema reads it: its method, its procedures
 * and their number, the size of its body and the shape of its input.
 */
export async function handleTrpcRequest(
  request: Request,
  { router, createContext }: HttpHandlerOptions,
): Promise<Response> {
  try {
    const { paths, request: checked } = await checkRequest(request, router);
    return await fetchRequestHandler({
      endpoint: ENDPOINT,
      req: checked,
      router,
      createContext: () =>
        createContext(checked, paths.length).catch((error: unknown) => {
          throw toPublicError(error);
        }),
      responseMeta: () => ({ headers: new Headers(RESPONSE_HEADERS) }),
      maxBatchSize: MAX_BATCH_SIZE,
    });
  } catch (error) {
    if (error instanceof TRPCError) return refuse(router, error);
    throw error;
  }
}

interface CheckedRequest {
  paths: string[];
  /** The same request, reduced to what tRPC reads. Its body is in memory, where tRPC would put it anyway. */
  request: Request;
}

/** @throws {TRPCError} when the page's client could not have sent the request. */
async function checkRequest(request: Request, router: AnyTRPCRouter): Promise<CheckedRequest> {
  const url = new URL(request.url);
  const batch = url.searchParams.get("batch") === "1";
  const paths = readPaths(url, batch);
  if (paths.length > MAX_BATCH_SIZE) {
    throw badRequest(`A request can have at most ${MAX_BATCH_SIZE} calls, and this one has ${paths.length}.`);
  }
  for (const path of paths) {
    if (!Object.hasOwn(router._def.procedures, path)) throw new TRPCError({ code: "NOT_FOUND", message: noSuch(path) });
  }
  const asked = new URL(`${ENDPOINT}/${paths.join(",")}`, url.origin);
  if (batch) asked.searchParams.set("batch", "1");
  const { method, headers, signal } = request;
  if (method !== "POST") {
    const input = url.searchParams.get("input");
    if (input) asked.searchParams.set("input", readInput(input, batch));
    return { paths, request: new Request(asked, { method, headers, signal }) };
  }
  if (isFromElsewhere(headers)) throw new TRPCError({ code: "FORBIDDEN", message: "Another site sent this request." });
  const body = readInput(await readBody(request), batch);
  return { paths, request: new Request(asked, { method, headers, signal, body }) };
}

function readPaths(url: URL, batch: boolean): string[] {
  let path: string;
  try {
    path = decodeURIComponent(url.pathname.slice(ENDPOINT.length + 1));
  } catch {
    throw badRequest("The address is not well-formed.");
  }
  return batch ? path.split(",") : [path];
}

function noSuch(path: string): string {
  return `No procedure found on path "${path.slice(0, 100)}"`;
}

async function readBody(request: Request): Promise<string> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new TRPCError({ code: "UNSUPPORTED_MEDIA_TYPE", message: "A request's body has to be application/json." });
  }
  try {
    return await readCapped(request, MAX_BODY_KB * 1024);
  } catch (error) {
    if (error instanceof NotUtf8Error) throw badRequest("A request's body has to be UTF-8.");
    if (!(error instanceof BodyTooLargeError)) throw error;
    throw new TRPCError({
      code: "PAYLOAD_TOO_LARGE",
      message: `This is more than can be sent at once: a request can have at most ${MAX_BODY_KB} kB.`,
    });
  }
}

/** The text of an input, checked. */
function readInput(text: string, batch: boolean): string {
  try {
    const input = parsePlainJson(text);
    if (batch && (typeof input !== "object" || input === null || Array.isArray(input))) {
      throw new InputRefusedError("The input of a batch is an object with the number of each call as its keys.");
    }
    return text;
  } catch (error) {
    throw error instanceof InputRefusedError ? badRequest(error.message) : error;
  }
}

function badRequest(message: string): TRPCError {
  return new TRPCError({ code: "BAD_REQUEST", message });
}

/** Answers with the error in the form of every tRPC error, so that the page can show it. */
function refuse(router: AnyTRPCRouter, error: TRPCError): Response {
  const config = router._def._config;
  const shape = getTRPCErrorShape({
    config,
    error,
    type: "unknown",
    path: undefined,
    input: undefined,
    ctx: undefined,
  });
  return Response.json(transformTRPCResponse(config, { error: shape }), {
    status: getHTTPStatusCodeFromError(error),
    headers: RESPONSE_HEADERS,
  });
}
