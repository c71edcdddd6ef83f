import { widgetPage } from "@/app/_server/widget-page";

/** The link that customers share: the chat alone, at an address of its own. */
export const GET = async (request: Request, { params }: RouteContext<"/chat/[publicId]">): Promise<Response> =>
  widgetPage(request, (await params).publicId, "share");
